// SPDX-License-Identifier: GPL-3.0-or-later
// The list of curves in the chart of recall by load: add one from a file, take some out.
#include "widgets/recall/LoadList.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/PlotStyle.h"
#include "widgets/recall/RunLines.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace hayloft {

namespace {

constexpr int kSwatch = 10; ///< pixels, of a curve's colour

QIcon swatchOf(const QColor& colour)
{
    QPixmap pixmap(kSwatch, kSwatch);
    pixmap.fill(colour);
    QIcon icon(pixmap);
    icon.addPixmap(pixmap, QIcon::Selected); // the style would tint it
    return icon;
}

} // namespace

LoadList::LoadList(QWidget* parent)
    : QWidget(parent)
{
    createControls();
    connect(m_list, &QListWidget::currentRowChanged, this, &LoadList::followCurrent);
    connect(m_open, &QPushButton::clicked, this, &LoadList::openRequested);
    connect(m_remove, &QPushButton::clicked, this, &LoadList::removeCurrent);
    connect(m_clear, &QPushButton::clicked, this, &LoadList::clearRequested);
    auto* erase = new QShortcut(QKeySequence(Qt::Key_Delete), m_list);
    erase->setContext(Qt::WidgetShortcut);
    connect(erase, &QShortcut::activated, this, &LoadList::removeCurrent);
    fill();
}

LoadList::~LoadList() { disconnectChildren(this); }

void LoadList::createControls()
{
    m_list = new RunList(tr("Curves stand here when their sweep over loads runs, or their record is opened."));
    m_list->setItemDelegate(new RunLineDelegate(m_list));
    m_list->setAccessibleName(tr("Load curves"));
    m_list->setToolTip(tr("The curves of the chart, in its order; Delete takes the chosen one out"));
    m_list->setIconSize({ kSwatch, kSwatch });
    m_list->setUniformItemSizes(true);
    m_list->setAlternatingRowColors(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_open = new QPushButton(tr("Open…"));
    m_open->setAccessibleName(tr("Open load records"));
    m_open->setToolTip(tr("Add the curves of saved load records (Ctrl+Alt+O)"));
    m_remove = new QPushButton(tr("Remove"));
    m_remove->setAccessibleName(tr("Remove load curve"));
    m_clear = new QPushButton(tr("Clear"));
    m_clear->setAccessibleName(tr("Clear load curves"));
    m_clear->setToolTip(tr("Take all curves out of the chart; saved records stay (Ctrl+Shift+L)"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_open);
    buttons->addWidget(m_remove, 1);
    buttons->addWidget(m_clear, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list, 1);
    column->addLayout(buttons);
}

int LoadList::current() const { return m_list->currentRow(); }

void LoadList::setLines(const std::vector<LoadLine>& lines)
{
    m_lines = lines;
    fill();
}

void LoadList::fill()
{
    const std::vector<QColor> colours = coloursOf(palette()).series;
    {
        const QSignalBlocker blocker(m_list);
        const int row = m_list->currentRow();
        m_list->clear();
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            const LoadLine& line = m_lines[i];
            auto* item = new QListWidgetItem(swatchOf(colours[i % colours.size()]), line.title, m_list);
            item->setData(kDetailRole, line.detail);
            item->setData(Qt::AccessibleTextRole, tr("%1: %2").arg(line.title, line.detail));
            item->setToolTip(line.path.isEmpty() ? line.title : tr("%1\n%2").arg(line.title, line.path));
        }
        m_list->setCurrentRow(std::min(row, int(m_lines.size()) - 1));
    }
    followCurrent();
}

void LoadList::followCurrent()
{
    const int row = current();
    const bool chosen = row >= 0, running = chosen && m_lines[std::size_t(row)].running;
    m_remove->setEnabled(chosen && !running);
    m_remove->setToolTip(!chosen ? tr("Choose a curve first")
                         : running ? tr("Its sweep is running; cancel it first")
                                   : tr("Take the chosen curve out of the chart; its saved record stays (Delete)"));
    m_clear->setEnabled(std::any_of(m_lines.begin(), m_lines.end(), [](const LoadLine& line) { return !line.running; }));
}

void LoadList::removeCurrent()
{
    if (m_remove->isEnabled())
        Q_EMIT removeRequested(current());
}

void LoadList::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill();
}

} // namespace hayloft
