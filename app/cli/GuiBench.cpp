// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench gui: starts the workbench, which measures its own window, and sums up what several runs gave.
#include "app/cli/GuiBench.h"

#include "app/cli/Options.h"
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Paths.h"
#include "core/text/ProgramFiles.h"

#ifdef HAYLOFT_FIGURES
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#endif

#include <algorithm>
#include <csignal>
#include <ctime>
#include <ostream>

namespace hayloft {

namespace {

struct GuiSettings {
    std::vector<std::filesystem::path> documents;
    std::filesystem::path out;
    std::string model, size = "1600x1000";
    int runs = 3;
};

#ifdef HAYLOFT_FIGURES

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargestResult = std::size_t {1} << 20;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

/// The command blocks these signals for its own threads; a child would inherit that and could not be ended.
void unblockSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

/// Where windows are shown: the display at hand, else an X server without a screen, else no server at all.
class BenchDisplay {
public:
    explicit BenchDisplay(const std::string& size) : m_environment(QProcessEnvironment::systemEnvironment())
    {
        if (m_environment.contains(QStringLiteral("QT_QPA_PLATFORM"))) {
            m_name = "QT_QPA_PLATFORM=" + m_environment.value(QStringLiteral("QT_QPA_PLATFORM")).toStdString();
        } else if (m_environment.contains(QStringLiteral("DISPLAY")) || m_environment.contains(QStringLiteral("WAYLAND_DISPLAY"))) {
            m_name = "the display at hand";
        } else if (!startServer(text(size))) {
            m_name = "none: offscreen (install xvfb to measure under an X server)";
            m_environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        }
    }
    ~BenchDisplay()
    {
        if (m_server.state() == QProcess::NotRunning)
            return;
        m_server.terminate();
        m_server.waitForFinished(5000);
    }
    const std::string& name() const { return m_name; }
    const QProcessEnvironment& environment() const { return m_environment; }

private:
    bool startServer(const QString& size)
    {
        const QString program = QStandardPaths::findExecutable(QStringLiteral("Xvfb"));
        if (program.isEmpty())
            return false;
        m_server.setChildProcessModifier(&unblockSignals);
        m_server.setStandardErrorFile(QProcess::nullDevice());
        m_server.start(program, {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                                 size + QStringLiteral("x24"), QStringLiteral("-nolisten"), QStringLiteral("tcp")});
        constexpr int kPatienceMs = 10000;
        while (m_server.waitForReadyRead(kPatienceMs) && !m_server.canReadLine()) {
        }
        const QString number = QString::fromLatin1(m_server.readLine()).trimmed();
        if (number.isEmpty())
            return false;
        m_environment.insert(QStringLiteral("DISPLAY"), QStringLiteral(":") + number);
        m_name = "Xvfb";
        return true;
    }

    QProcessEnvironment m_environment;
    QProcess m_server;
    std::string m_name;
};

qint64 monotonicNs()
{
    timespec now {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return qint64 {now.tv_sec} * 1000000000 + now.tv_nsec;
}

/// One start of the workbench. @throws Error with what it said, Cancelled
Json measureOnce(const GuiSettings& settings, const BenchDisplay& display, const std::stop_token& stop)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("gui.json"));
    QStringList arguments {QStringLiteral("--bench-gui"), file, QStringLiteral("--theme"), QStringLiteral("light"),
                           QStringLiteral("--size"), text(settings.size)};
    if (!settings.model.empty())
        arguments << QStringLiteral("--model") << text(settings.model);
    const std::string program = findProgramFile("hayloft", "HAYLOFT_WORKBENCH").string();
    arguments << QStringLiteral("--bench-started") << QString::number(monotonicNs()) << QStringLiteral("--");
    for (const auto& path : settings.documents)
        arguments << text(path.string());
    QProcess workbench;
    workbench.setProcessEnvironment(display.environment());
    workbench.setChildProcessModifier(&unblockSignals);
    workbench.setStandardOutputFile(QProcess::nullDevice());
    workbench.start(text(program), arguments);
    constexpr int kPollMs = 100;
    while (workbench.state() != QProcess::NotRunning && !workbench.waitForFinished(kPollMs)) {
        if (stop.stop_requested()) {
            workbench.terminate();
            workbench.waitForFinished(5000);
            throw Cancelled();
        }
    }
    if (workbench.exitStatus() != QProcess::NormalExit || workbench.exitCode() != 0) {
        const QString said = QString::fromUtf8(workbench.readAllStandardError()).trimmed().section(QLatin1Char('\n'), -1);
        throw Error("the workbench measured nothing", program, said.isEmpty() ? "see whether it starts by itself" : said.toStdString());
    }
    return Json::parse(readFile(file.toStdString(), kLargestResult));
}

double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// The same tree with the median of every number.
Json medians(const std::vector<Json>& runs)
{
    if (runs.front().is_object()) {
        Json merged = Json::object();
        for (const auto& [key, first] : runs.front().items()) {
            std::vector<Json> values;
            for (const Json& run : runs) {
                if (run.contains(key))
                    values.push_back(run.at(key));
            }
            merged[key] = medians(values);
        }
        return merged;
    }
    if (!runs.front().is_number())
        return runs.front();
    std::vector<double> values;
    for (const Json& run : runs)
        values.push_back(run.get<double>());
    return medianOf(values);
}

void checkDocuments(const GuiSettings& settings)
{
    std::error_code ignored;
    for (const auto& path : settings.documents) {
        if (!std::filesystem::exists(path, ignored))
            throw Error("no such file", path.string(), "name a document or a folder");
    }
}

void runGuiBench(GuiSettings settings, const CliContext& context)
{
    if (settings.runs < 1)
        throw Error("nothing to measure", "--runs " + std::to_string(settings.runs), "give 1 or more");
    checkDocuments(settings);
    if (!settings.out.empty())
        checkWritable(settings.out);
    if (settings.documents.empty())
        settings.documents = {sampleHaystacksDirectory()};
    const BenchDisplay display(settings.size);
    std::vector<Json> runs;
    for (int run = 0; run < settings.runs; ++run)
        runs.push_back(measureOnce(settings, display, context.services.stop));
    const Json result {{"workload", "gui"}, {"display", display.name()},
                       {"goals", {{"frame_p95_ms", 16}, {"block_ms", 50}, {"usable_ms", 1000}}},
                       {"median", medians(runs)}, {"runs", runs}};
    const std::string json = result.dump(2) + "\n";
    if (settings.out.empty())
        context.out << json;
    else
        writeFileAtomically(settings.out, json);
}

#else

void runGuiBench(const GuiSettings&, const CliContext&)
{
    throw Error("this hayloft-cli was built without the workbench", "bench gui", "build the preset release, with Qt 6");
}

#endif

} // namespace

void addGuiBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("gui", "Frame times and blocks of the workbench's window with a document in it; JSON");
    const auto settings = std::make_shared<GuiSettings>();
    command->add_option("--document", settings->documents, "Text to open (default: the sample haystacks)")->expected(1, -1)->type_name("PATH...");
    command->add_option("--runs", settings->runs, "Starts of the workbench, over which medians are taken")->capture_default_str()->type_name("N");
    command->add_option("--size", settings->size, "Size of the window")->capture_default_str()->type_name("WxH");
    command->add_option("--model", settings->model, "Model folder (default: larimar-mini)")->type_name("DIR");
    command->add_option("--out", settings->out, "Write the figures there instead of to standard output")->type_name("FILE");
    command->footer("The display is the one at hand, else Xvfb, else none (offscreen); the figures say which. A frame is the time from an\n"
                    "input to its paint being handed to the window system; a block the longest time the window's thread does not come\n"
                    "back to its event loop.\n\nExample:\n  hayloft-cli bench gui --document book.txt --runs 3 --out gui.json");
    command->callback([settings, &context] { runGuiBench(*settings, context); });
}

} // namespace hayloft
