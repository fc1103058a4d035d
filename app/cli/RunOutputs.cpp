// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RunOutputs.h"

#include "app/cli/Figures.h"
#include "app/cli/Options.h"
#include "core/base/Error.h"
#include "core/base/Files.h"

#include <ostream>

namespace hayloft {

namespace {

/// A finished sweep outlives a disk that filled up or a folder that went away meanwhile.
void saveOrKeepElsewhere(const std::string& record, const std::string& created, const std::filesystem::path& file)
{
    try {
        writeFileAtomically(file, record);
    } catch (const Error& error) {
        const auto kept = std::filesystem::temp_directory_path() / ("hayloft-run-" + created + ".json");
        try {
            writeFileAtomically(kept, record);
        } catch (const Error&) {
            throw error;
        }
        throw Error(std::string(error.what()) + " (the run was kept in " + kept.string() + ")");
    }
}

} // namespace

void RunOutputs::addTo(CLI::App& command)
{
    command.add_option("-o,--out", out, "Run record to write")->required()->type_name("run.json");
    command.add_option("--csv", csv, "Table of the cells")->type_name("F");
    command.add_option("--figure", figure, "Heatmap")->type_name("F.pdf|.svg|.png");
}

void RunOutputs::check() const
{
    checkWritable(out);
    if (!csv.empty())
        checkWritable(csv);
    if (!figure.empty()) {
        checkFigure(figure);
        checkWritable(figure);
    }
}

void RunOutputs::writeRecord(const std::string& json, const std::string& created, std::ostream& told) const
{
    saveOrKeepElsewhere(json, created, out);
    told << "record    " << out.string() << "\n";
}

void RunOutputs::write(const RunRecord& record, std::ostream& told) const
{
    writeRecord(toJson(record), record.created, told);
    if (!csv.empty()) {
        writeFileAtomically(csv, toCsv(record));
        told << "table     " << csv.string() << "\n";
    }
    if (!figure.empty()) {
        drawFigure(record, std::nullopt, figure);
        told << "figure    " << figure.string() << "\n";
    }
}

void RunOutputs::write(const LoadRecord& record, std::ostream& told) const
{
    writeRecord(toJson(record), record.runs.back().run.created, told);
    if (!csv.empty()) {
        std::vector<std::shared_ptr<const RunRecord>> runs;
        for (const LoadRun& point : record.runs)
            runs.push_back(std::make_shared<const RunRecord>(point.run));
        writeFileAtomically(csv, toCsv(runs));
        told << "table     " << csv.string() << "\n";
    }
    if (!figure.empty()) {
        drawLoads({ std::make_shared<const LoadRecord>(record) }, figure);
        told << "figure    " << figure.string() << "\n";
    }
}

} // namespace hayloft
