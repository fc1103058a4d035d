// SPDX-License-Identifier: GPL-3.0-or-later
// Puts controller, commands and (for a picture) the director together.
#include "app/workbench/RunWorkbench.h"

#include "app/workbench/GuiBench.h"
#include "app/workbench/ScreenshotDirector.h"
#include "app/workbench/Theme.h"
#include "app/workbench/WindowCommands.h"
#include "core/model/LatentModel.h"

#include <QApplication>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cstdio>
#include <cstdlib>

namespace hayloft {

namespace {

void printError(const QString& error)
{
    std::fprintf(stderr, "hayloft: %s\n", error.toUtf8().constData());
}

} // namespace

void nameApplication()
{
    QApplication::setApplicationName(QStringLiteral("hayloft"));
    QApplication::setOrganizationName(QStringLiteral("hayloft"));
    QApplication::setApplicationDisplayName(QStringLiteral("Hayloft"));
    QApplication::setDesktopFileName(QStringLiteral("org.hayloft.Hayloft"));
    QApplication::setApplicationVersion(QStringLiteral(HAYLOFT_VERSION));
}

int runWorkbench(const StartOptions& options)
{
    if (!options.error.isEmpty()) {
        printError(options.error);
        return 2;
    }
    const bool picture = !options.screenshot.isEmpty(), bench = !options.guiBench.isEmpty();
    // A picture must look the same for everybody, and a bench measure the same: neither reads nor changes the user's settings and runs.
    const bool apart = picture || bench;
    QTemporaryDir temporary;
    WorkbenchConfig config;
    config.openModel = [precision = options.precision](const std::filesystem::path& directory) { return openModel(directory, precision == Precision::Float32 ? "auto" : "cpu", precision); };
    config.modelDirectory = options.modelDirectory;
    config.runsFolder = apart ? temporary.filePath(QStringLiteral("runs"))
                              : QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/runs");
    if (apart)
        config.settingsFile = temporary.filePath(QStringLiteral("settings.ini"));
    auto controller = std::make_unique<WorkbenchController>(config);
    WindowCommands commands(*controller);
    if (options.theme)
        controller->setTheme(*options.theme);
    if (options.size.isValid()) {
        controller->window().resize(options.size);
        controller->window().resetLayout();
    }
    std::unique_ptr<ScreenshotDirector> director;
    std::unique_ptr<GuiBench> guiBench;
    int code = 0;
    const auto finish = [&code](const QString& error) {
        if (!error.isEmpty())
            printError(error);
        code = error.isEmpty() ? 0 : 1;
        QCoreApplication::exit(code);
    };
    if (picture) {
        director = std::make_unique<ScreenshotDirector>(*controller, options.screenshot, options.scene);
        QObject::connect(director.get(), &ScreenshotDirector::finished, qApp, finish);
    } else if (bench) {
        guiBench = std::make_unique<GuiBench>(*controller, GuiBenchOptions {options.guiBench, options.startedNs});
        QObject::connect(guiBench.get(), &GuiBench::finished, qApp, finish);
    }
    controller->window().show();
    controller->start(options.start);
    code = std::max(code, QApplication::exec());
    director.reset();
    guiBench.reset();
    // A computation that does not stop in time must not keep the process alive, nor crash it while it ends.
    if (!controller->shutDown()) {
        std::fflush(nullptr);
        std::_Exit(code);
    }
    return code;
}

} // namespace hayloft
