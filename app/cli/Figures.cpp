// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Figures.h"

#include "core/base/Error.h"

#ifdef HAYLOFT_FIGURES
#include "widgets/recall/FigureFile.h"
#include "widgets/recall/LoadPlot.h"
#include "widgets/recall/ScalePlot.h"

#include <QApplication>

#include <memory>
#endif

namespace hayloft {

#ifdef HAYLOFT_FIGURES

namespace {

Palette paletteFromName(const std::string& name)
{
    if (name == "cividis")
        return Palette::Cividis;
    if (name == "viridis")
        return Palette::Viridis;
    if (name == "red-amber-green")
        return Palette::RedAmberGreen;
    throw Error("unknown palette", "--palette " + name, "choose cividis, viridis or red-amber-green");
}

FigureOptions optionsOf(const FigureChoice& choice, QSize usual)
{
    FigureOptions options;
    options.palette = paletteFromName(choice.palette);
    options.size = QSize(choice.width > 0 ? choice.width : usual.width(), choice.height > 0 ? choice.height : usual.height());
    options.scale = choice.scale;
    options.values = choice.values;
    options.caption = choice.caption;
    return options;
}

// Drawing text needs an application object; a file needs no display.
class OffscreenApplication {
public:
    OffscreenApplication()
    {
        if (QCoreApplication::instance())
            return;
        // A server has no XDG_RUNTIME_DIR; Qt's remark on it means nothing to who draws a file.
        const QtMessageHandler previous
            = qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString&) {});
        m_application = std::make_unique<QApplication>(m_argc, m_argv);
        qInstallMessageHandler(previous);
    }

private:
    char m_name[12] = "hayloft-cli", m_option[10] = "-platform", m_platform[10] = "offscreen";
    char* m_argv[4] = { m_name, m_option, m_platform, nullptr };
    int m_argc = 3;
    std::unique_ptr<QApplication> m_application;
};

} // namespace

void checkFigure(const std::filesystem::path& file, const FigureChoice& choice)
{
    const std::string suffix = file.extension().string();
    if (suffix != ".pdf" && suffix != ".svg" && suffix != ".png")
        throw Error("unknown kind of figure", file.string(), "use a name that ends in .pdf, .svg or .png");
    paletteFromName(choice.palette);
    const auto fits = [](int side) { return side == 0 || (side >= 100 && side <= 20000); };
    if (!fits(choice.width) || !fits(choice.height))
        throw Error("no such figure size", std::to_string(choice.width) + "x" + std::to_string(choice.height),
            "give 100 to 20000 for each side");
    if (!(choice.scale >= 0.1 && choice.scale <= 10))
        throw Error("no such scale", std::to_string(choice.scale), "give 0.1 to 10");
}

void drawFigure(const RunRecord& record, const std::optional<RunRecord>& minus, const std::filesystem::path& file,
    const FigureChoice& choice)
{
    checkFigure(file, choice);
    const OffscreenApplication application;
    HeatmapData heatmap = minus ? differenceOf(record, *minus) : heatmapOf(record);
    if (!choice.title.empty())
        heatmap.title = QString::fromStdString(choice.title);
    saveFigure(heatmap, QString::fromStdString(file.string()), optionsOf(choice, FigureOptions().size));
}

void drawMultiples(const std::vector<std::shared_ptr<const RunRecord>>& records, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
    const OffscreenApplication application;
    HeatmapGrid grid = heatmapGridOf(records);
    if (!choice.title.empty())
        grid.title = QString::fromStdString(choice.title);
    const FigureOptions options = optionsOf(choice, gridFigureSize(records.size()));
    saveSheet(gridSheet(grid, options), QString::fromStdString(file.string()), options);
}

void drawLoads(const LoadRecords& records, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
    const OffscreenApplication application;
    LoadFigure figure = loadFigureOf(records);
    if (!choice.title.empty())
        figure.title = QString::fromStdString(choice.title);
    const FigureOptions options = optionsOf(choice, loadFigureSize());
    saveSheet(loadSheet(figure, options), QString::fromStdString(file.string()), options);
}

void drawScale(const ScaleRecord& record, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
    const OffscreenApplication application;
    const FigureOptions options = optionsOf(choice, scaleFigureSize());
    saveSheet(scaleSheet(record, QString::fromStdString(choice.title), options), QString::fromStdString(file.string()), options);
}

#else

void drawScale(const ScaleRecord&, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
}

void checkFigure(const std::filesystem::path& file, const FigureChoice&)
{
    throw Error("this hayloft-cli was built without Qt and draws no figures", file.string(),
        "build the preset \"release\" with qt6-base-dev, qt6-svg-dev and libqcustomplot-dev");
}

void drawMultiples(const std::vector<std::shared_ptr<const RunRecord>>&, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
}

void drawLoads(const LoadRecords&, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
}

void drawFigure(const RunRecord&, const std::optional<RunRecord>&, const std::filesystem::path& file, const FigureChoice& choice)
{
    checkFigure(file, choice);
}

#endif

} // namespace hayloft
