// SPDX-License-Identifier: GPL-3.0-or-later
// The bench's steps, each started by the end of the one before.
#include "app/workbench/GuiBench.h"

#include "widgets/ColourMap.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/PanelColours.h"
#include "widgets/RecallPanel.h"
#include "widgets/document/SegmentTextView.h"
#include "widgets/memory/MatrixView.h"
#include "widgets/recall/TaskPresets.h"

#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QScreen>
#include <QScrollBar>
#include <QTimer>
#include <cmath>
#include <ctime>

namespace hayloft {

namespace {

constexpr int kSettleMs = 1500;  ///< reduced copies are complete, the last repaints done
constexpr int kCheckEvery = 20;  ///< frames
constexpr int kWheelTurns = 200;
constexpr int kZoomPlaces = 6;

double millisecondsSince(qint64 startedNs)
{
    timespec now {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec) - static_cast<double>(startedNs)) / 1e6;
}

double rounded(double milliseconds) { return std::round(milliseconds * 100) / 100; }

/// Seconds of computing: long enough to see whether the window stays alive. The task makes its own haystack, for over the open
/// document it would encode all of that again.
SweepPlan smallPlan(SweepPlan plan, qint64 tokens)
{
    plan.task = rulerTask(RulerTask::NiahMultikey2);
    const auto longest = std::clamp<std::int64_t>(tokens / 2, 1000, 40000);
    plan.lengths = {longest / 2, longest};
    plan.depths = parseDepths("0:100:5");
    plan.trials = 2;
    plan.controls = 0;
    return plan;
}

} // namespace

GuiBench::GuiBench(WorkbenchController& controller, GuiBenchOptions options, QObject* parent)
    : QObject(parent), m_controller(controller), m_options(std::move(options))
{
    m_phase.start();
    m_controller.window().installEventFilter(this);
    DocumentSession* document = &controller.document();
    connect(document, &DocumentSession::modelOpened, this, [this] {
        if (m_options.startedNs > 0)
            m_start[QStringLiteral("model_ms")] = rounded(millisecondsSince(m_options.startedNs));
        noteBlock(QStringLiteral("model"));
    });
    connect(document, &DocumentSession::shown, this, &GuiBench::onShown);
    connect(document, &DocumentSession::rowsWritten, this, [this](const RowsUpdate& rows) {
        if (m_stage == Stage::Opening)
            m_matrix.take(rows);
    });
    connect(document, &DocumentSession::written, this, &GuiBench::onWritten);
    connect(document, &DocumentSession::failed, this, &GuiBench::end);
    connect(&controller.sweep(), &SweepSession::failed, this, &GuiBench::end);
    connect(&controller.sweep(), &SweepSession::runAvailable, this, [this](const RunView&, RecordOrigin origin) {
        if (origin == RecordOrigin::Measured && m_stage == Stage::Sweeping)
            QTimer::singleShot(kSettleMs, this, &GuiBench::save);
    });
    connect(&m_meter, &FrameMeter::finished, this, &GuiBench::onStepDone);
    connect(&m_meter, &FrameMeter::stalled, this, [this] { end(tr("nothing was painted after an input of the scene %1").arg(m_steps[m_step].name)); });
}

bool GuiBench::eventFilter(QObject* watched, QEvent* event)
{
    // After the first request was handled the window is painted, and the loop takes input.
    if (event->type() == QEvent::UpdateRequest || event->type() == QEvent::Expose || event->type() == QEvent::Paint) {
        watched->removeEventFilter(this);
        QTimer::singleShot(0, this, [this] {
            if (m_options.startedNs > 0)
                m_start[QStringLiteral("usable_ms")] = rounded(millisecondsSince(m_options.startedNs));
            noteBlock(QStringLiteral("start"));
        });
    }
    return false;
}

void GuiBench::noteBlock(const QString& phase)
{
    const LoopBlock block = m_heartbeat.lap();
    m_blocks[phase] = QJsonObject {{QStringLiteral("longest_ms"), rounded(block.wallMs)}, {QStringLiteral("longest_cpu_ms"), rounded(block.cpuMs)},
                                   {QStringLiteral("phase_s"), rounded(static_cast<double>(m_phase.elapsed()) / 1000)}};
    m_phase.start();
}

void GuiBench::onShown(const Snapshot& snapshot)
{
    if (m_stage != Stage::Opening)
        return;
    noteBlock(QStringLiteral("open"));
    m_matrix.reserve(std::max<qint64>(snapshot.rows, static_cast<qint64>(snapshot.document.segments->size())), snapshot.columns);
}

void GuiBench::onWritten()
{
    if (m_stage == Stage::Opening) {
        noteBlock(QStringLiteral("encode_write"));
        m_stage = Stage::Frames;
        makeSteps();
        QTimer::singleShot(kSettleMs, this, &GuiBench::nextStep);
    } else if (m_stage == Stage::Rewriting) {
        QTimer::singleShot(kSettleMs, this, &GuiBench::sweep);
    }
}

void GuiBench::makeSteps()
{
    MatrixView* memory = m_controller.window().memoryPanel().findChild<MatrixView*>();
    SegmentTextView* text = m_controller.window().documentPanel().findChild<SegmentTextView*>();
    const auto checkHeat = [this](const QImage& image) { return checkMemory(image); };
    const auto checkText = [this](const QImage& image) { return checkDocument(image); };
    const double atOnePixel = static_cast<double>(m_matrix.rows()) / std::max(1, memory->imageRect().height());
    for (const auto& [name, pictures] : {std::pair {"memory_pan_4", 4.0}, {"memory_pan_32", 32.0}, {"memory_pan_rows", atOnePixel}})
        m_steps.push_back({QString::fromLatin1(name), memory, [memory, p = pictures] { return panOverRows(*memory, p); }, checkHeat});
    m_steps.push_back({QStringLiteral("memory_zoom"), memory, [memory] { return zoomInAndOut(*memory, kZoomPlaces); }, checkHeat});
    m_steps.push_back({QStringLiteral("document_drag"), text->viewport(), [text] { return dragScrollBar(*text); }, checkText});
    m_steps.push_back({QStringLiteral("document_wheel"), text->viewport(), [text] { return wheelUpwards(*text, kWheelTurns); }, checkText});
}

void GuiBench::nextStep()
{
    if (m_step == 0)
        noteBlock(QStringLiteral("settle"));
    if (m_step == m_steps.size())
        return rewrite();
    const Step& step = m_steps[m_step];
    m_pixels = {};
    m_changed = 0;
    m_before = {};
    m_meter.run(step.widget, step.begin(), [this] { onFrame(); });
}

void GuiBench::onFrame()
{
    const Step& step = m_steps[m_step];
    const QImage image = picture(*step.widget);
    m_changed += m_before.isNull() || image != m_before;
    m_before = image;
    if (m_meter.frames().size() % kCheckEvery != 1)
        return;
    const PixelReport report = step.check(image);
    m_pixels.checked += report.checked;
    m_pixels.wrong += report.wrong;
}

void GuiBench::onStepDone()
{
    const std::vector<double>& frames = m_meter.frames();
    m_frames[m_steps[m_step].name] = QJsonObject {
        {QStringLiteral("frames"), static_cast<qint64>(frames.size())}, {QStringLiteral("frames_that_differ"), m_changed},
        {QStringLiteral("median_ms"), rounded(percentile(frames, 0.5))}, {QStringLiteral("p95_ms"), rounded(percentile(frames, 0.95))},
        {QStringLiteral("longest_ms"), rounded(percentile(frames, 1))}, {QStringLiteral("pixels_checked"), m_pixels.checked},
        {QStringLiteral("pixels_wrong"), m_pixels.wrong}};
    ++m_step;
    nextStep();
}

QImage GuiBench::picture(const QWidget& widget) const
{
    const QWidget* window = widget.window();
    const QRect area(widget.mapTo(window, QPoint()), widget.size());
    return window->screen()->grabWindow(window->winId(), area.x(), area.y(), area.width(), area.height()).toImage();
}

PixelReport GuiBench::checkMemory(const QImage& image) const
{
    const MatrixView* view = m_controller.window().memoryPanel().findChild<MatrixView*>();
    const double ratio = view->devicePixelRatioF();
    HeatRegion region = view->region();
    region.pixelsPerColumn *= ratio;
    region.pixelsPerRow *= ratio;
    const QRect part = view->imageRect();
    const QRect area((QPointF(part.topLeft()) * ratio).toPoint(), (QSizeF(part.size()) * ratio).toSize());
    return checkHeatPixels(image.copy(area), region, m_matrix, divergingTable(panelColours(view->palette()).heatCentre), view->colourRange());
}

PixelReport GuiBench::checkDocument(const QImage& image) const
{
    const SegmentTextView* view = m_controller.window().documentPanel().findChild<SegmentTextView*>();
    const PanelColours colours = panelColours(view->palette());
    const double ratio = view->devicePixelRatioF();
    PixelReport report;
    qint64 last = -1;
    for (int y = 4; y < view->viewport()->height(); y += 8) {
        const qint64 segment = view->segmentAt({view->viewport()->width() / 2, y});
        const QRect rect = segment < 0 || segment == last ? QRect() : view->visibleRect(segment).adjusted(3, 3, -3, -3);
        last = segment;
        if (rect.width() < 24)
            continue;
        // Between the letters lies the segment's own tint: no other ground may show, and there must be ink.
        const QRgb own = colours.segment[segment % 2].rgb() & RGB_MASK, other = colours.segment[1 - segment % 2].rgb() & RGB_MASK;
        qint64 ground = 0, foreign = 0, ink = 0;
        for (int py = rect.top(); py <= rect.bottom(); ++py) {
            for (int px = rect.left(); px <= rect.right(); ++px) {
                const QRgb pixel = image.pixel(static_cast<int>(px * ratio), static_cast<int>(py * ratio)) & RGB_MASK;
                ground += pixel == own;
                foreign += pixel == other || pixel == (colours.base.rgb() & RGB_MASK);
                ink += pixel != own;
            }
        }
        report.checked += qint64 {rect.width()} * rect.height();
        report.wrong += foreign + (ground == 0) + (ink == 0);
    }
    return report;
}

void GuiBench::rewrite()
{
    noteBlock(QStringLiteral("frames"));
    m_stage = Stage::Rewriting;
    m_controller.window().action(Command::Write)->trigger();
}

void GuiBench::sweep()
{
    noteBlock(QStringLiteral("write_again"));
    m_stage = Stage::Sweeping;
    RecallPanel& panel = m_controller.window().recallPanel();
    try {
        panel.setPlan(smallPlan(panel.plan(), m_controller.document().snapshot().document.tokens));
        m_controller.window().action(Command::Run)->trigger();
    } catch (const Error& error) {
        end(QString::fromUtf8(error.what()));
    }
}

void GuiBench::save()
{
    noteBlock(QStringLiteral("sweep"));
    const Snapshot& snapshot = m_controller.document().snapshot();
    const QWidget& window = m_controller.window();
    const QSize picture = m_controller.window().memoryPanel().findChild<MatrixView*>()->imageRect().size();
    const QJsonObject result {
        {QStringLiteral("platform"), QGuiApplication::platformName()},
        {QStringLiteral("window"), QJsonArray {window.width(), window.height()}},
        {QStringLiteral("memory_picture"), QJsonArray {picture.width(), picture.height()}},
        {QStringLiteral("device_pixel_ratio"), window.devicePixelRatioF()},
        {QStringLiteral("document"), QJsonObject {{QStringLiteral("tokens"), snapshot.document.tokens},
                                                  {QStringLiteral("segments"), static_cast<qint64>(snapshot.document.segments->size())},
                                                  {QStringLiteral("rows"), snapshot.rows}, {QStringLiteral("columns"), snapshot.columns}}},
        {QStringLiteral("start"), m_start}, {QStringLiteral("frames"), m_frames}, {QStringLiteral("blocks"), m_blocks}};
    QSaveFile file(m_options.file);
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(result).toJson()) < 0 || !file.commit())
        return end(tr("the figures cannot be written: %1; choose another file").arg(m_options.file));
    end({});
}

void GuiBench::end(const QString& error)
{
    if (std::exchange(m_stage, Stage::Ended) != Stage::Ended)
        Q_EMIT finished(error);
}

} // namespace hayloft
