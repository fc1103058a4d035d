// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ReconstructionTable.h"

#include "core/base/Format.h"
#include "core/recall/Scoring.h"

#include <ostream>

namespace hayloft {

namespace {

void printRow(const ReconstructionBucket& bucket, bool examples, std::ostream& out)
{
    const Interval interval = wilson(bucket.exact, bucket.segments);
    const double share = bucket.segments > 0 ? static_cast<double>(bucket.exact) / bucket.segments : 0;
    out << formatted("%-28s %6d/%-6d %.4f  [%.4f, %.4f]\n", bucket.name.c_str(), bucket.exact, bucket.segments, share,
        interval.low, interval.high);
    if (examples && !bucket.example.empty())
        out << "    first miss: " << bucket.example << "\n";
}

} // namespace

void printReconstruction(const ReconstructionReport& report, bool examples, std::ostream& out)
{
    out << formatted("%-28s %13s  %s\n", "tokens", "exact", "share   95% interval");
    for (const ReconstructionBucket& bucket : report.lengths)
        printRow(bucket, examples, out);
    out << "generated\n";
    for (const ReconstructionBucket& bucket : report.generated)
        printRow(bucket, examples, out);
    const auto rate = [&](double seconds) { return seconds > 0 ? static_cast<double>(report.tokens) / seconds : 0.0; };
    out << formatted("%s tokens, encoded %.0f/s, decoded %.0f/s\n", grouped(report.tokens).c_str(),
        rate(report.encodeSeconds), rate(report.decodeSeconds));
}

} // namespace hayloft
