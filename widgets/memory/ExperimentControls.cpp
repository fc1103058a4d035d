// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders that change the row that is decoded: scale, noise and mixing.
#include "widgets/memory/ExperimentControls.h"

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <cmath>
#include <limits>

namespace hayloft {
namespace {

constexpr int kCoalesce = 30; // ms
constexpr double kSliderSteps = 100; // per unit

} // namespace

ExperimentControls::ExperimentControls(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)), m_timer(new QTimer(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_scale = addPair(0, tr("&Scale"), tr("Multiplies the row before it is decoded"), {-2, 3, 0.05, 1});
    m_noise = addPair(1, tr("&Noise \u03c3"), tr("Adds normal noise of this standard deviation to every value"), {0, 2, 0.05, 0});
    m_draw = new QToolButton;
    m_draw->setText(tr("Redraw"));
    m_draw->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding); // as wide as the controls above and below
    m_draw->setAccessibleName(tr("Draw the noise again"));
    m_draw->setToolTip(tr("Draw the noise again with another seed"));
    m_grid->addWidget(m_draw, 1, 3);
    m_mix = addPair(2, tr("&Mix in"), tr("Adds this fraction of another row"), {0, 1, 0.05, 0});
    addMixRow(2);
    m_reset = new QPushButton(tr("Reset"));
    m_reset->setAccessibleName(tr("Reset the experiment"));
    m_reset->setToolTip(tr("Decode the row as it is in the memory"));
    m_reset->setAutoDefault(false);
    m_grid->addWidget(m_reset, 0, 3);

    m_timer->setSingleShot(true);
    m_timer->setInterval(kCoalesce);
    connect(m_timer, &QTimer::timeout, this, [this] { Q_EMIT experimentChanged(experiment()); });
    connect(m_draw, &QToolButton::clicked, this, [this] {
        ++m_seed;
        settingsEdited();
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        restore();
        settingsEdited();
    });
    setEnabled(false);
    restore();
}

ExperimentControls::Pair ExperimentControls::addPair(int line, const QString& label, const QString& tip, const Range& range)
{
    auto* slider = new QSlider(Qt::Horizontal);
    slider->setRange(static_cast<int>(std::lround(range.least * kSliderSteps)), static_cast<int>(std::lround(range.most * kSliderSteps)));
    slider->setPageStep(25);
    slider->setSingleStep(5);
    auto* box = new QDoubleSpinBox;
    box->setRange(range.least, range.most);
    box->setDecimals(2);
    box->setSingleStep(range.step);
    box->setKeyboardTracking(false);
    auto* text = new QLabel(label);
    text->setBuddy(box);
    QString name = label;
    name.remove(QLatin1Char('&'));
    slider->setAccessibleName(tr("%1 slider").arg(name));
    box->setAccessibleName(name);
    for (QWidget* widget : {static_cast<QWidget*>(slider), static_cast<QWidget*>(box), static_cast<QWidget*>(text)})
        widget->setToolTip(tip);
    m_grid->addWidget(text, line, 0);
    m_grid->addWidget(slider, line, 1);
    m_grid->addWidget(box, line, 2);
    connect(slider, &QSlider::valueChanged, this, [box](int value) { box->setValue(value / kSliderSteps); });
    connect(box, &QDoubleSpinBox::valueChanged, this, [this, slider](double value) {
        const QSignalBlocker blocker(slider);
        slider->setValue(static_cast<int>(std::lround(value * kSliderSteps)));
        settingsEdited();
    });
    return {slider, box};
}

void ExperimentControls::addMixRow(int line)
{
    m_mixRow = new QSpinBox;
    m_mixRow->setRange(-1, -1);
    m_mixRow->setSpecialValueText(tr("no row"));
    m_mixRow->setPrefix(tr("row "));
    m_mixRow->setKeyboardTracking(false);
    m_mixRow->setAccessibleName(tr("Row to mix in"));
    m_mixRow->setToolTip(tr("The other row"));
    m_grid->addWidget(m_mixRow, line, 3);
    connect(m_mixRow, &QSpinBox::valueChanged, this, [this](int row) {
        // Without a fraction the choice of a row would seem to do nothing.
        if (!m_quiet && row >= 0 && m_mix.box->value() == 0)
            m_mix.box->setValue(0.5);
        settingsEdited();
    });
}

void ExperimentControls::restore()
{
    m_quiet = true;
    m_scale.box->setValue(1);
    m_noise.box->setValue(0);
    m_mix.box->setValue(0);
    m_mixRow->setValue(-1);
    m_scale.slider->setValue(static_cast<int>(kSliderSteps));
    m_seed = 1;
    m_quiet = false;
    settingsEdited();
}

void ExperimentControls::setRow(qint64 row, qint64 totalRows)
{
    const int most = static_cast<int>(std::min<qint64>(totalRows - 1, std::numeric_limits<int>::max()));
    m_quiet = true;
    m_mixRow->setMaximum(std::max(-1, most));
    m_quiet = false;
    setEnabled(row >= 0);
    if (row == m_row)
        return;
    m_row = -1; // no signal for the row that is left
    restore();
    m_row = row;
    m_timer->stop();
}

void ExperimentControls::settingsEdited()
{
    const bool mixing = m_mixRow->value() >= 0;
    m_mix.slider->setEnabled(mixing);
    m_mix.box->setEnabled(mixing);
    m_draw->setEnabled(m_noise.box->value() > 0);
    m_reset->setEnabled(changed() || mixing);
    if (m_quiet || m_row < 0)
        return;
    Q_EMIT edited();
    if (!m_timer->isActive())
        m_timer->start();
}

RowExperiment ExperimentControls::experiment() const
{
    RowExperiment e;
    e.row = m_row;
    e.scale = m_scale.box->value();
    e.noise = m_noise.box->value();
    e.mixRow = m_mixRow->value();
    e.mix = e.mixRow >= 0 ? m_mix.box->value() : 0;
    e.seed = m_seed;
    return e;
}

bool ExperimentControls::changed() const
{
    const RowExperiment e = experiment();
    return e.scale != 1 || e.noise != 0 || e.mix != 0;
}

} // namespace hayloft
