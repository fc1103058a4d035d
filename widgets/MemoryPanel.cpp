// SPDX-License-Identifier: GPL-3.0-or-later
// The memory panel: heat image, row detail and the slow-motion write put together.
#include "widgets/MemoryPanel.h"

#include "widgets/memory/HeatLegend.h"
#include "widgets/memory/MatrixView.h"
#include "widgets/memory/RowDetailView.h"
#include "widgets/memory/WriteStepCard.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace hayloft {

class MemoryPanel::Private : public QObject {
    Q_DECLARE_TR_FUNCTIONS(hayloft::MemoryPanel)
public:
    explicit Private(MemoryPanel* panel);
    QToolButton* addButton(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip);
    QHBoxLayout* header();
    QWidget* matrixPart();
    void wire();
    void storeChanged(bool reset);
    void updateTexts();
    void showRow(qint64 row);
    void reduce();
    void arrange();

    MemoryPanel* q;
    MatrixStore store;
    MatrixView* view;
    HeatLegend* legend;
    RowDetailView* detail;
    WriteStepCard* card;
    QSplitter* splitter;
    bool arrangedByUser = false; ///< the splitter was moved: its sizes are left alone
    QLabel *title, *readout;
    QToolButton *zoomOut, *zoomIn, *fit, *slow, *next;
    QTimer reducing; ///< drawing small copies are made in slices between events
};

MemoryPanel::Private::Private(MemoryPanel* panel) : q(panel)
{
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(header());
    card = new WriteStepCard;
    card->hide();
    column->addWidget(card);
    splitter = new QSplitter(Qt::Vertical);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(matrixPart());
    detail = new RowDetailView;
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Row detail"));
    scroll->setWidget(detail);
    scroll->setMinimumSize(300, 90);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    column->addWidget(splitter, 1);
    reducing.setInterval(0);
    wire();
    updateTexts();
}

QToolButton* MemoryPanel::Private::addButton(QHBoxLayout* row, const QString& text, const QString& name, const QString& tip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    row->addWidget(button);
    return button;
}

QHBoxLayout* MemoryPanel::Private::header()
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 4, 4);
    row->setSpacing(4);
    title = new QLabel;
    title->setAccessibleName(tr("Memory size"));
    title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(title, 1);
    zoomOut = addButton(row, QStringLiteral("\u2212"), tr("Zoom out"), tr("Zoom out (-)"));
    zoomIn = addButton(row, QStringLiteral("+"), tr("Zoom in"), tr("Zoom in (+)"));
    fit = addButton(row, tr("Fit"), tr("Fit the whole memory"), tr("Show the whole memory (F, double click)"));
    slow = addButton(row, tr("Slow motion"), tr("Slow motion"), tr("Write one segment at a time: key, nearest row, how the row changes"));
    slow->setCheckable(true);
    next = addButton(row, tr("Next step"), tr("Next step"), tr("Write the next segment (N)"));
    next->setVisible(false);
    return row;
}

QWidget* MemoryPanel::Private::matrixPart()
{
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    view = new MatrixView(store);
    column->addWidget(view, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    readout = new QLabel;
    readout->setAccessibleName(tr("Value under the pointer"));
    readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(readout, 1);
    legend = new HeatLegend;
    row->addWidget(legend);
    column->addLayout(row);
    return part;
}

void MemoryPanel::Private::wire()
{
    connect(view, &MatrixView::rowChosen, this, [this](qint64 row) {
        showRow(row);
        Q_EMIT q->rowChosen(row);
    });
    connect(view, &MatrixView::hovered, this, [this](qint64 row, int column) { readout->setText(view->describe(row, column)); });
    connect(zoomIn, &QToolButton::clicked, view, [this] { view->zoom(1.5); });
    connect(zoomOut, &QToolButton::clicked, view, [this] { view->zoom(1 / 1.5); });
    connect(fit, &QToolButton::clicked, view, &MatrixView::fit);
    connect(detail, &RowDetailView::experimentChanged, q, &MemoryPanel::experimentChanged);
    // clicked, not toggled: setSlowMotion must not come back as a request.
    connect(slow, &QToolButton::clicked, this, [this](bool on) {
        q->setSlowMotion(on);
        Q_EMIT q->slowMotionRequested(on);
    });
    connect(next, &QToolButton::clicked, q, &MemoryPanel::slowMotionStepRequested);
    auto* shortcut = new QShortcut(Qt::Key_N, q);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, [this] {
        if (slow->isChecked())
            Q_EMIT q->slowMotionStepRequested();
    });
    connect(splitter, &QSplitter::splitterMoved, this, [this] { arrangedByUser = true; });
    connect(&reducing, &QTimer::timeout, this, &Private::reduce);
}

void MemoryPanel::Private::reduce()
{
    constexpr int kSlice = 8; // ms
    if (!store.reduceSome(kSlice)) {
        reducing.stop();
        view->storeChanged(false);
    }
}

void MemoryPanel::Private::arrange()
{
    // Beside each other in a wide panel, else the detail as tall as it wants but never above half.
    constexpr int kWide = 700, kDetailHeight = 270;
    const bool wide = q->width() > kWide && q->width() * 2 > q->height() * 3;
    const auto orientation = wide ? Qt::Horizontal : Qt::Vertical;
    if (splitter->orientation() != orientation) {
        splitter->setOrientation(orientation);
        arrangedByUser = false;
    }
    if (arrangedByUser)
        return;
    const int space = wide ? q->width() : q->height();
    const int lower = wide ? space * 2 / 5 : std::min(kDetailHeight, space / 2);
    splitter->setSizes({space - lower, lower});
}

void MemoryPanel::Private::storeChanged(bool reset)
{
    constexpr int kAtOnce = 4; // ms: small memories are complete before they are first drawn
    if (store.reduceSome(kAtOnce))
        reducing.start();
    else
        reducing.stop();
    view->storeChanged(reset);
    legend->setRange(store.range());
    updateTexts();
}

void MemoryPanel::Private::updateTexts()
{
    const QLocale locale;
    const bool any = store.rows() > 0;
    QString text = any ? tr("<b>%1 \u00d7 %2</b>").arg(locale.toString(store.rows())).arg(store.columns()) : tr("<b>No memory</b>");
    if (any && store.used() < store.rows())
        text += tr(" \u00b7 %1 used").arg(locale.toString(store.used()));
    if (store.shared() > 0)
        text += tr(" \u00b7 %1 shared").arg(locale.toString(store.shared()));
    title->setText(text);
    for (QToolButton* button : {zoomIn, zoomOut, fit})
        button->setEnabled(any);
    legend->setVisible(any);
}

void MemoryPanel::Private::showRow(qint64 row)
{
    if (!store.contains(row))
        return detail->clear();
    if (detail->detail().row == row)
        return;
    // What the store knows shows at once; texts and decoding follow with setRowDetail.
    RowDetail known;
    known.row = row;
    known.norm = store.norm(row);
    known.latent = store.latent(row);
    known.decodedIsCurrent = store.empty(row);
    detail->setDetail(known, store.count(row), store.rows());
}

MemoryPanel::MemoryPanel(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>(this)) { setFocusProxy(d->view); }

MemoryPanel::~MemoryPanel() = default;

void MemoryPanel::setMemory(const MemoryView& memory)
{
    // The same columns are mostly the same memory written anew (a needle moved): zoom and chosen row stay.
    const bool reset = d->store.rows() == 0 || memory.columns != d->store.columns();
    d->store.set(memory);
    d->storeChanged(reset);
    const qint64 row = currentRow();
    // Only a row that the new memory left alone keeps its texts.
    if (row < 0 || !std::ranges::equal(d->store.latentView(row), d->detail->detail().latent))
        d->detail->clear();
    if (row >= 0)
        d->showRow(row);
}

void MemoryPanel::updateRows(const std::vector<qint64>& rows, const std::vector<float>& values, const std::vector<qint64>& counts,
                             qint64 totalRows, int columns)
{
    const bool anew = columns != d->store.columns() || totalRows < d->store.rows();
    d->store.update(rows, values, counts, totalRows, columns);
    d->storeChanged(anew);
    if (anew)
        d->detail->clear();
}

void MemoryPanel::setCurrentRow(qint64 row)
{
    d->view->setCurrent(row);
    d->showRow(row);
}

qint64 MemoryPanel::currentRow() const { return d->view->current(); }

void MemoryPanel::setRowDetail(const RowDetail& detail)
{
    if (detail.row != currentRow())
        return; // an answer for a row that was left meanwhile
    d->detail->setDetail(detail, d->store.contains(detail.row) ? d->store.count(detail.row) : 0, d->store.rows());
}

void MemoryPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

void MemoryPanel::flashRow(qint64 row) { d->view->flash(row); }

void MemoryPanel::setWriteStep(const WriteStep& step)
{
    d->card->setStep(step);
    d->view->flash(step.row);
}

void MemoryPanel::setSlowMotion(bool on)
{
    d->slow->setChecked(on);
    d->next->setVisible(on);
    if (on && !d->card->isVisibleTo(this))
        d->card->clear();
    d->card->setVisible(on);
}

} // namespace hayloft
