// SPDX-License-Identifier: GPL-3.0-or-later
// The scene's steps, each started by the end of the one before.
#include "app/workbench/ScreenshotDirector.h"

#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/RecallPanel.h"
#include "widgets/recall/TaskPresets.h"

#include <QDockWidget>
#include <QPixmap>
#include <QStatusBar>
#include <QTimer>

namespace hayloft {

namespace {

constexpr int kLongestMs = 10 * 60 * 1000;
constexpr int kSettleMs = 1800; ///< flashes and small copies of the matrix come to rest
constexpr int kSlowSteps = 12;

constexpr int kSharedRows = 1024;
constexpr std::int64_t kLoadTokens = 16000;

/// Small enough for a picture, large enough to look like one. The scene of the recall panel has fixed rows, which fill up and
/// are shared as the context grows: a heatmap with something to see.
SweepPlan smallPlan(SweepPlan plan, qint64 tokens, bool sharedRows)
{
    plan.task.kind = TaskKind::Passkey;
    plan.task.digits = 5;
    plan.lengths = parseLengths("1k:" + std::to_string(std::clamp<qint64>(tokens, 4000, 30000)) + ":6");
    plan.depths = parseDepths("0:100:6");
    plan.trials = 4;
    if (sharedRows) {
        plan.memory.keyMemory = KeyMemoryKind::Fixed;
        plan.memory.rows = kSharedRows;
        plan.depths = parseDepths("0:100:11");
    }
    return plan;
}

/// All tasks that come ready-made, asked in plain words.
std::vector<SweepPlan> taskPlans(SweepPlan plan)
{
    std::vector<SweepPlan> plans;
    plan.memory.keys = KeyKind::Content;
    for (const TaskPreset& preset : taskPresets()) {
        plan.task = preset.task;
        plan.reading.byQuestion = readsByQuestion(plan.task, plan.memory);
        plans.push_back(plan);
    }
    return plans;
}

} // namespace

ScreenshotDirector::ScreenshotDirector(WorkbenchController& controller, QString file, QString scene, QObject* parent)
    : QObject(parent), m_controller(controller), m_file(std::move(file)), m_scene(std::move(scene))
{
    connect(&controller.document(), &DocumentSession::written, this, &ScreenshotDirector::onWritten);
    connect(&controller.document(), &DocumentSession::answered, this, &ScreenshotDirector::onAnswered);
    connect(&controller.document(), &DocumentSession::failed, this, &ScreenshotDirector::end);
    // A document without a needle has nothing to ask; the picture shows that.
    connect(&controller.document(), &DocumentSession::askFailed, this, &ScreenshotDirector::onAnswered);
    connect(&controller.sweep(), &SweepSession::runAvailable, this, [this](const RunView&, RecordOrigin origin) {
        if (origin == RecordOrigin::Measured && m_scene != QLatin1String("tasks"))
            onRun();
    });
    connect(&controller.sweep(), &SweepSession::loadsAvailable, this, [this](const LoadEntry&, RecordOrigin origin) {
        if (origin == RecordOrigin::Measured)
            QTimer::singleShot(0, this, &ScreenshotDirector::onLoads); // the session is idle by then
    });
    connect(&controller.sweep(), &SweepSession::setFinished, this, &ScreenshotDirector::onRun, Qt::QueuedConnection);
    connect(&controller.sweep(), &SweepSession::failed, this, &ScreenshotDirector::end);
    QTimer::singleShot(kLongestMs, this, [this] { end(tr("no picture after %1 s").arg(kLongestMs / 1000)); });
}

void ScreenshotDirector::onWritten()
{
    if (!std::exchange(m_asked, true))
        m_controller.ask();
}

void ScreenshotDirector::onAnswered()
{
    if (m_ran)
        return;
    m_ran = true;
    RecallPanel& panel = m_controller.window().recallPanel();
    try {
        const qint64 tokens = m_controller.document().snapshot().document.tokens;
        if (m_scene == QLatin1String("load")) {
            runLoads(panel.plan());
            return;
        }
        const bool tasks = m_scene == QLatin1String("tasks");
        panel.setPlan(smallPlan(panel.plan(), tokens, m_scene == QLatin1String("recall")));
        m_controller.sweep().runSet(tasks ? taskPlans(panel.plan()) : std::vector {panel.plan()});
    } catch (const Error& error) {
        end(QString::fromUtf8(error.what()));
    }
}

/// Both regimes: the nearest of K rows, with two kinds of keys, and the memory as published.
void ScreenshotDirector::runLoads(const SweepPlan& plan)
{
    SweepPlan small = smallPlan(plan, kLoadTokens, false);
    small.lengths = {kLoadTokens};
    for (const KeyKind keys : {KeyKind::Prefix, KeyKind::Whole}) {
        small.memory.keys = keys;
        small.memory.keyMemory = KeyMemoryKind::Fixed;
        m_loadPlans.push_back(small);
    }
    small.memory.keys = KeyKind::Prefix;
    small.memory.addressing = Addressing::PseudoInverse;
    small.memory.rows = kPublishedRows;
    small.lengths.clear();
    m_loadPlans.push_back(small);
    onLoads();
}

void ScreenshotDirector::onLoads()
{
    if (m_loadPlans.empty()) {
        onRun();
        return;
    }
    const SweepPlan plan = m_loadPlans.front();
    m_loadPlans.erase(m_loadPlans.begin());
    RecallPanel& panel = m_controller.window().recallPanel();
    panel.setPlan(plan);
    panel.setAxis({true, {}, kLoadTokens});
    m_controller.sweep().runLoads(plan, panel.axis().loads);
}

void ScreenshotDirector::onRun()
{
    prepareScene();
    if (m_scene != QLatin1String("slow")) // that one grabs when its last step is decoded
        QTimer::singleShot(kSettleMs, this, &ScreenshotDirector::grab);
}

void ScreenshotDirector::prepareScene()
{
    MainWindow& window = m_controller.window();
    const auto give = [&](int percent) { // of the height, to the recall panel; docks are sized in pixels
        QDockWidget* recall = window.dock(QStringLiteral("recall"));
        QDockWidget* document = window.dock(QStringLiteral("document"));
        const int both = recall->height() + document->height();
        window.resizeDocks({document, recall}, {both - both * percent / 100, both * percent / 100}, Qt::Vertical);
    };
    if (m_scene == QLatin1String("recall") || m_scene == QLatin1String("tasks") || m_scene == QLatin1String("load")) {
        give(62);
    } else if (m_scene == QLatin1String("memory")) {
        give(26);
    } else if (m_scene == QLatin1String("slow")) {
        m_controller.document().setSlowMotionInterval(20);
        m_controller.document().setSlowMotion(true);
        connect(&m_controller.document(), &DocumentSession::slowStepped, this, [this] {
            if (++m_slowSteps == kSlowSteps)
                m_controller.document().setSlowMotionRuns(false);
        });
        connect(&m_controller.document(), &DocumentSession::rowSeen, this, [this](const RowDetail& detail) {
            if (m_slowSteps >= kSlowSteps && detail.row == m_controller.window().memoryPanel().currentRow())
                QTimer::singleShot(kSettleMs, this, &ScreenshotDirector::grab);
        });
    }
}

void ScreenshotDirector::grab()
{
    // "Saved as" names a temporary file: another one in every picture.
    m_controller.window().recallPanel().setMessage({});
    m_controller.window().statusBar()->clearMessage();
    // A panel that became smaller must still show what the others speak of.
    DocumentPanel& document = m_controller.window().documentPanel();
    if (document.currentSegment() >= 0)
        document.setCurrentSegment(document.currentSegment());
    const QPixmap picture = m_controller.window().grab();
    end(picture.save(m_file) ? QString() : tr("the picture cannot be written: %1; choose another file").arg(m_file));
}

void ScreenshotDirector::end(const QString& error)
{
    if (!std::exchange(m_ended, true))
        Q_EMIT finished(error);
}

} // namespace hayloft
