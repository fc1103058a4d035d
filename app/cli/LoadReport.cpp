// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/LoadReport.h"

#include "core/base/Format.h"

#include <ostream>

namespace hayloft {

void printLoadHead(std::ostream& out)
{
    out << formatted("%8s %8s %8s %10s  %-24s %9s %10s %12s %8s\n", "load N/K", "K", "N", "hits", "recall, 95% interval", "row wrong",
        "row shared", "decode wrong", "on row");
}

void printLoad(const LoadRun& point, std::ostream& out)
{
    const LoadCounts counts = countsOf(point.run);
    const std::string hits = std::to_string(counts.hits) + "/" + std::to_string(counts.trials);
    const std::string recall = formatted("%.4f [%.4f, %.4f]", counts.recall, counts.ci95.low, counts.ci95.high);
    out << formatted("%8g %8s %8s %10s  %-24s %9d %10d %12d %8g\n", point.load, grouped(point.run.result.rows).c_str(),
        grouped(point.segments).c_str(), hits.c_str(), recall.c_str(), counts.rowWrong, counts.rowShared, counts.decodeWrong,
        counts.rowSegments);
}

} // namespace hayloft
