// SPDX-License-Identifier: GPL-3.0-or-later
// Figures from the command line, where Hayloft was built with Qt.
#pragma once

#include "core/store/LoadRecord.h"
#include "core/store/ScaleRecord.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hayloft {

struct FigureChoice {
    std::string palette = "cividis"; ///< cividis, viridis, red-amber-green
    int width = 0, height = 0;       ///< logical pixels; points in a PDF; 0 = 960 x 600, or what several records need
    double scale = 2;                ///< of a PNG
    bool values = false;             ///< hits/trials in each cell
    bool caption = true;
    std::string title;               ///< "" = from the record
};

/// Says before any computing whether the figure can be drawn. @throws Error (no Qt, another suffix, no such palette)
void checkFigure(const std::filesystem::path& file, const FigureChoice& choice = {});
/// Draws the record, or its difference to `minus`. @throws Error
void drawFigure(const RunRecord& record, const std::optional<RunRecord>& minus, const std::filesystem::path& file,
    const FigureChoice& choice = {});
/// Draws several records side by side over shared axes. @throws Error
void drawMultiples(const std::vector<std::shared_ptr<const RunRecord>>& records, const std::filesystem::path& file,
    const FigureChoice& choice = {});
/// Draws recall over the load, a curve for each record. @throws Error
void drawLoads(const LoadRecords& records, const std::filesystem::path& file, const FigureChoice& choice = {});
/// Draws seconds and memory over the context's length. @throws Error
void drawScale(const ScaleRecord& record, const std::filesystem::path& file, const FigureChoice& choice = {});

} // namespace hayloft
