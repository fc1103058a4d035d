// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep form, which scrolls, above the controls that run it.
#include "widgets/recall/SweepColumn.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/RunControls.h"
#include "widgets/recall/SweepSettings.h"

#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace hayloft {

SweepColumn::SweepColumn(QWidget* parent)
    : QWidget(parent)
    , m_settings(new SweepSettings)
    , m_controls(new RunControls)
    , m_form(new QScrollArea)
{
    m_form->setWidgetResizable(true);
    m_form->setFrameShape(QFrame::NoFrame);
    m_form->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_form->setFocusPolicy(Qt::NoFocus);
    m_form->setWidget(m_settings);
    m_form->setMinimumWidth(m_settings->minimumSizeHint().width() + m_form->verticalScrollBar()->sizeHint().width());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_form, 1);
    column->addWidget(m_controls);
    const auto check = [this] { m_controls->setProblem(m_settings->problem(), m_settings->problemOfSets()); };
    connect(m_settings, &SweepSettings::checked, this, check);
    check();
}

SweepColumn::~SweepColumn() { disconnectChildren(this); }

bool SweepColumn::canRun() const { return m_controls->state() == SweepState::Idle && m_settings->problem().isEmpty(); }

} // namespace hayloft
