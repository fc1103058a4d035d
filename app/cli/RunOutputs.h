// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a run leaves: --out, --csv, --figure.
#pragma once

#include "core/store/LoadRecord.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iosfwd>

namespace hayloft {

struct RunOutputs {
    std::filesystem::path out, csv, figure;

    void addTo(CLI::App& command);
    /// Says before any computing whether they can be written. @throws Error
    void check() const;
    /// Writes them and says so. A record that cannot be written there is kept elsewhere. @throws Error
    void write(const RunRecord& record, std::ostream& told) const;
    void write(const LoadRecord& record, std::ostream& told) const;

private:
    void writeRecord(const std::string& json, const std::string& created, std::ostream& told) const;
};

} // namespace hayloft
