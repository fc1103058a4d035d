// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, values, copy and export of the figure on show.
#include "widgets/recall/FigureControls.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace hayloft {

FigureControls::FigureControls(QWidget* parent)
    : QWidget(parent)
    , m_menu(new QMenu(this))
    , m_palette(new QComboBox)
    , m_values(new QCheckBox(tr("Values")))
{
    m_palette->addItem(tr("Cividis"), int(Palette::Cividis));
    m_palette->addItem(tr("Viridis"), int(Palette::Viridis));
    m_palette->addItem(tr("Red–amber–green"), int(Palette::RedAmberGreen));
    m_palette->setAccessibleName(tr("Heatmap colours"));
    m_palette->setToolTip(tr("Cividis and viridis are safe for colour-blind readers; red–amber–green is the classic picture"));
    m_values->setAccessibleName(tr("Values in cells"));
    m_values->setToolTip(tr("Print hits/trials in each cell"));
    createMenu();
    auto* copy = new QToolButton;
    copy->setDefaultAction(m_copy);
    copy->setAccessibleName(tr("Copy figure"));
    auto* save = new QPushButton(tr("Export"));
    save->setAccessibleName(tr("Export"));
    save->setToolTip(tr("Save the figure, the table or the run record"));
    save->setMenu(m_menu);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 2);
    for (QWidget* widget : { static_cast<QWidget*>(m_palette), static_cast<QWidget*>(m_values), static_cast<QWidget*>(copy),
                             static_cast<QWidget*>(save) }) {
        widget->setFocusPolicy(Qt::StrongFocus);
        line->addWidget(widget);
    }
    connect(m_palette, &QComboBox::currentIndexChanged, this, [this] { Q_EMIT coloursChanged(colours()); });
    connect(m_values, &QCheckBox::toggled, this, &FigureControls::valuesToggled);
    connect(m_copy, &QAction::triggered, this, &FigureControls::copyRequested);
}

void FigureControls::createMenu()
{
    m_menu->setAccessibleName(tr("Export menu"));
    struct Format {
        QString label, suffix, filter;
    };
    const std::vector<Format> formats {
        { tr("&PNG image…"), QStringLiteral("png"), tr("PNG image (*.png)") },
        { tr("&SVG drawing…"), QStringLiteral("svg"), tr("SVG drawing (*.svg)") },
        { tr("P&DF document…"), QStringLiteral("pdf"), tr("PDF document (*.pdf)") },
        { tr("&CSV table…"), QStringLiteral("csv"), tr("CSV table (*.csv)") },
        { tr("Run &record…"), QStringLiteral("json"), tr("Run record (*.json)") },
    };
    for (const Format& format : formats) { // the record comes last
        m_record = m_menu->addAction(format.label);
        connect(m_record, &QAction::triggered, this,
                [this, suffix = format.suffix, filter = format.filter] { Q_EMIT exportRequested(suffix, filter); });
    }
    m_together = m_menu->addAction(tr("&All of these together…"));
    m_together->setToolTip(tr("PDF, SVG, PNG, table and run records under one name (Ctrl+Shift+E)"));
    connect(m_together, &QAction::triggered, this, &FigureControls::exportTogetherRequested);
    m_menu->setToolTipsVisible(true);
    m_menu->addSeparator();
    m_copy = m_menu->addAction(tr("Copy"));
    m_copy->setToolTip(tr("Copy the figure to the clipboard (Ctrl+C)"));
}

Palette FigureControls::colours() const { return Palette(m_palette->currentData().toInt()); }

bool FigureControls::valuesShown() const { return m_values->isChecked(); }

void FigureControls::setAvailable(bool measured, int records)
{
    for (QAction* action : m_menu->actions())
        action->setEnabled(measured);
    m_record->setText(records == 1 ? tr("Run &record…") : records == 2 ? tr("Both run &records…") : tr("All %1 run &records…").arg(records));
}

void FigureControls::setHeatmapShown(bool shown)
{
    m_palette->setEnabled(shown);
    m_values->setEnabled(shown);
}

} // namespace hayloft
