// SPDX-License-Identifier: GPL-3.0-or-later
// What a row of memory settings has no room for, in a popup: the decoder's prompt, and how pseudo-inverse addressing reads.
#include "widgets/query/MemoryDetails.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/NumberSpinBox.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QScreen>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace hayloft {

namespace {

// As checkGenerative() and the reader of records have them.
constexpr int kMostSteps = 1000, kMostReads = 1000;
constexpr double kLeastScale = 1e-30, kMostScale = 1e30, kMostNoise = 1e6, kMostLogVariance = 30;
constexpr double kPublishedNoise = 1e-6;

QRadioButton* choice(QButtonGroup* group, const QString& text, const QString& name, const QString& hint)
{
    auto* button = new QRadioButton(text);
    button->setAccessibleName(name);
    button->setToolTip(hint);
    group->addButton(button);
    return button;
}

bool sameDetails(const MemorySettings& a, const MemorySettings& b)
{
    return a.prompted == b.prompted && a.keyMemory == b.keyMemory && a.inverse == b.inverse && a.newton.steps == b.newton.steps
        && a.newton.scale == b.newton.scale && a.reads == b.reads && a.observationNoise == b.observationNoise && a.sampled == b.sampled
        && a.weightLogVariance == b.weightLogVariance;
}

} // namespace

MemoryDetails::MemoryDetails(const QString& scope, QWidget* parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint)
{
    setFrameStyle(QFrame::StyledPanel | QFrame::Raised);
    createPrompt();
    createInverses();
    createReading();
    createNote();
    layOutControls();
    name(scope);
    connectControls();
    enableControls();
}

MemoryDetails::~MemoryDetails() { disconnectChildren(this); }

void MemoryDetails::createPrompt()
{
    m_prompted = new QComboBox;
    m_prompted->addItem(tr("nothing"), int(DecoderPrompt::None));
    m_prompted->addItem(tr("the query's prefix"), int(DecoderPrompt::Prefix));
    m_prompted->addItem(tr("the whole query"), int(DecoderPrompt::Query));
    m_prompted->setAccessibleName(tr("Decoder prompt"));
    m_promptLabel = new QLabel(tr("Prompt the decoder with"));
    m_promptLabel->setBuddy(m_prompted);
}

void MemoryDetails::createInverses()
{
    auto* rows = new QButtonGroup(this);
    m_drawn = choice(rows, tr("drawn"), tr("Drawn rows"), tr("K rows drawn once, seeded, from the keys of the model's training text"));
    m_prior = choice(rows, tr("learned prior"), tr("Rows of the learned prior"), {});
    m_drawn->setChecked(true);
    auto* inverses = new QButtonGroup(this);
    m_exact = choice(inverses, tr("exact"), tr("Exact inverses"), tr("A read is the projection of the query on what was written"));
    m_newton = choice(inverses, tr("Newton"), tr("Newton inverses"), tr("The iteration of the published code: so many steps, converged or not"));
    m_exact->setChecked(true);
    m_steps = new QSpinBox;
    m_steps->setRange(1, kMostSteps);
    m_steps->setValue(NewtonSettings().steps);
    m_steps->setKeyboardTracking(false);
    m_steps->setAccessibleName(tr("Newton steps"));
    m_steps->setToolTip(tr("Steps of the iteration, 1 to 1,000; published: 15"));
    m_stepsLabel = new QLabel(tr("steps"));
    m_stepsLabel->setBuddy(m_steps);
    m_scale = new NumberSpinBox(kLeastScale, kMostScale);
    m_scale->setFactor(2, kLeastScale);
    m_scale->setValue(NewtonSettings().scale);
    m_scale->setAccessibleName(tr("Newton scale"));
    m_scale->setToolTip(tr("Where the iteration starts: the transpose, times this; published: 5e-4. Too great a scale diverges, which a run then says."));
    m_scaleLabel = new QLabel(tr("scale"));
    m_scaleLabel->setBuddy(m_scale);
}

void MemoryDetails::createReading()
{
    m_reads = new QSpinBox;
    m_reads->setRange(1, kMostReads);
    m_reads->setKeyboardTracking(false);
    m_reads->setAccessibleName(tr("Reads"));
    m_reads->setToolTip(tr("Reads in all, 1 to 1,000; each after the first reads with the readout before it"));
    m_noise = new NumberSpinBox(0, kMostNoise);
    m_noise->setFactor(10, kPublishedNoise);
    m_noise->setAccessibleName(tr("Observation noise"));
    m_noise->setToolTip(tr("Standard deviation of what is added to latents, queries and readouts; 0: nothing, published: 1e-6"));
    m_sampled = new QCheckBox(tr("sampled"));
    m_sampled->setAccessibleName(tr("Sampled weights"));
    m_sampled->setToolTip(tr("Draw the weights around their mean, as in the training of the published model"));
    m_logVariance = new NumberSpinBox(-kMostLogVariance, kMostLogVariance);
    m_logVariance->setAccessibleName(tr("Log variance of weights"));
    m_logVariance->setToolTip(tr("Of each weight that is drawn, -30 to 30; 0 as in their prior"));
    m_logVarianceLabel = new QLabel(tr("log variance"));
    m_logVarianceLabel->setBuddy(m_logVariance);
}

void MemoryDetails::createNote()
{
    m_note = new QLabel;
    m_note->setAccessibleName(tr("What applies"));
    m_defaults = new QPushButton(tr("Defaults"));
    m_defaults->setAccessibleName(tr("Default memory details"));
    m_defaults->setToolTip(tr("No prompt, drawn rows, exact inverses, one read without noise"));
    m_defaults->setAutoDefault(false);
}

/// Names as the row of settings gives them, so that a window can hold two of these.
void MemoryDetails::name(const QString& scope)
{
    setAccessibleName(tr("More memory settings"));
    if (scope.isEmpty())
        return;
    setAccessibleName(tr("%1: %2").arg(scope, accessibleName()));
    for (QWidget* control : findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly))
        if (!control->accessibleName().isEmpty())
            control->setAccessibleName(tr("%1: %2").arg(scope, control->accessibleName()));
}

void MemoryDetails::layOutControls()
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(14, 12, 14, 12);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(8);
    grid->addWidget(m_promptLabel, 0, 0);
    grid->addWidget(m_prompted, 0, 1, 1, 4);
    auto* line = new QFrame;
    line->setFrameStyle(QFrame::HLine | QFrame::Sunken);
    grid->addWidget(line, 1, 0, 1, 5);
    auto* heading = new QLabel(tr("Pseudo-inverse, as published"));
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    m_published << heading;
    grid->addWidget(heading, 2, 0, 1, 5);
    layOutInverses(grid);
    grid->addWidget(m_note, 8, 0, 1, 4);
    grid->addWidget(m_defaults, 8, 4, Qt::AlignRight | Qt::AlignBottom);
    grid->setColumnStretch(4, 1);
    grid->setSizeConstraint(QLayout::SetFixedSize);
}

void MemoryDetails::layOutInverses(QGridLayout* grid)
{
    const auto addName = [this, grid](int row, const QString& text, QWidget* buddy) {
        auto* label = new QLabel(text);
        label->setBuddy(buddy);
        m_published << label;
        grid->addWidget(label, row, 0);
    };
    addName(3, tr("Key memory rows"), m_drawn);
    grid->addWidget(m_drawn, 3, 1);
    grid->addWidget(m_prior, 3, 2, 1, 3);
    addName(4, tr("Inverses"), m_exact);
    grid->addWidget(m_exact, 4, 1);
    grid->addWidget(m_newton, 4, 2);
    grid->addWidget(m_stepsLabel, 4, 3, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_steps, 4, 4);
    grid->addWidget(m_scaleLabel, 5, 3, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_scale, 5, 4);
    addName(6, tr("Reads"), m_reads);
    grid->addWidget(m_reads, 6, 1);
    auto* noise = new QLabel(tr("observation noise"));
    noise->setBuddy(m_noise);
    m_published << noise;
    grid->addWidget(noise, 6, 2, 1, 2, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_noise, 6, 4);
    addName(7, tr("Weights"), m_sampled);
    grid->addWidget(m_sampled, 7, 1);
    grid->addWidget(m_logVarianceLabel, 7, 2, 1, 2, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_logVariance, 7, 4);
}

void MemoryDetails::connectControls()
{
    const auto userChange = [this] {
        m_shown = appliedTo(m_shown);
        enableControls();
        Q_EMIT changed();
    };
    connect(m_prompted, &QComboBox::currentIndexChanged, this, userChange);
    for (QRadioButton* button : { m_prior, m_newton }) // the other of the two goes the other way
        connect(button, &QRadioButton::toggled, this, userChange);
    connect(m_sampled, &QCheckBox::toggled, this, userChange);
    for (QSpinBox* box : { m_steps, m_reads })
        connect(box, &QSpinBox::valueChanged, this, userChange);
    for (NumberSpinBox* box : { m_scale, m_noise, m_logVariance })
        connect(box, &QDoubleSpinBox::valueChanged, this, userChange);
    connect(m_defaults, &QPushButton::clicked, this, &MemoryDetails::takeDefaults);
}

MemorySettings MemoryDetails::appliedTo(MemorySettings settings) const
{
    settings.prompted = DecoderPrompt(m_prompted->currentData().toInt());
    if (settings.addressing == Addressing::PseudoInverse)
        settings.keyMemory = m_prior->isChecked() ? KeyMemoryKind::Prior : KeyMemoryKind::Fixed;
    settings.inverse = m_newton->isChecked() ? InverseMode::Newton : InverseMode::Exact;
    settings.newton = { m_steps->value(), m_scale->value() };
    settings.reads = m_reads->value();
    settings.observationNoise = float(m_noise->value());
    settings.sampled = m_sampled->isChecked();
    settings.weightLogVariance = float(m_logVariance->value());
    return settings;
}

void MemoryDetails::setSettings(const MemorySettings& settings)
{
    m_shown = settings;
    if (!sameDetails(appliedTo(settings), settings)) {
        const QSignalBlocker prompted(m_prompted), prior(m_prior), newton(m_newton), steps(m_steps), scale(m_scale), reads(m_reads), noise(m_noise),
            sampled(m_sampled), logVariance(m_logVariance);
        m_prompted->setCurrentIndex(m_prompted->findData(int(settings.prompted)));
        if (settings.addressing == Addressing::PseudoInverse)
            (settings.keyMemory == KeyMemoryKind::Prior ? m_prior : m_drawn)->setChecked(true);
        (settings.inverse == InverseMode::Newton ? m_newton : m_exact)->setChecked(true);
        m_steps->setValue(settings.newton.steps);
        m_scale->setValue(settings.newton.scale);
        m_reads->setValue(settings.reads);
        m_noise->setValue(decimalOf(settings.observationNoise));
        m_sampled->setChecked(settings.sampled);
        m_logVariance->setValue(decimalOf(settings.weightLogVariance));
    }
    enableControls();
}

void MemoryDetails::setModel(const ModelAbilities& model)
{
    m_model = model;
    enableControls();
}

void MemoryDetails::takeDefaults()
{
    MemorySettings usual = m_shown;
    const MemorySettings none;
    usual.prompted = none.prompted;
    usual.inverse = none.inverse;
    usual.newton = none.newton;
    usual.reads = none.reads;
    usual.observationNoise = none.observationNoise;
    usual.sampled = none.sampled;
    usual.weightLogVariance = none.weightLogVariance;
    if (usual.addressing == Addressing::PseudoInverse)
        usual.keyMemory = KeyMemoryKind::Fixed;
    if (sameDetails(usual, m_shown))
        return;
    setSettings(usual);
    Q_EMIT changed();
}

void MemoryDetails::enableControls()
{
    const bool published = m_shown.addressing == Addressing::PseudoInverse;
    const bool prompts = m_shown.keys != KeyKind::Content && m_model.prompts;
    const bool newton = published && m_newton->isChecked(), sampled = published && m_sampled->isChecked();
    for (QWidget* control : { static_cast<QWidget*>(m_prompted), static_cast<QWidget*>(m_promptLabel) })
        control->setEnabled(prompts);
    for (QLabel* label : m_published)
        label->setEnabled(published);
    for (QWidget* control : { static_cast<QWidget*>(m_drawn), static_cast<QWidget*>(m_exact), static_cast<QWidget*>(m_newton),
                              static_cast<QWidget*>(m_reads), static_cast<QWidget*>(m_noise), static_cast<QWidget*>(m_sampled) })
        control->setEnabled(published);
    m_prior->setEnabled(published && m_model.priorRows > 0);
    for (QWidget* control : { static_cast<QWidget*>(m_steps), static_cast<QWidget*>(m_stepsLabel), static_cast<QWidget*>(m_scale),
                              static_cast<QWidget*>(m_scaleLabel) })
        control->setEnabled(newton);
    m_logVariance->setEnabled(sampled);
    m_logVarianceLabel->setEnabled(sampled);
    showWhy();
}

/// What keeps a control from being used is said by its tool tip, and of the greater part also below.
void MemoryDetails::showWhy()
{
    m_prompted->setToolTip(m_shown.keys == KeyKind::Content
                               ? tr("Answers by content keys are judged by their question's words, which a prompt would put there")
                           : !m_model.prompts ? tr("This model's decoder takes no prompts")
                                              : tr("The decoder is given these words beside the readout, and goes on from them"));
    m_prior->setToolTip(m_model.priorRows > 0 ? tr("The %1 rows that the model learned").arg(QLocale().toString(m_model.priorRows))
                                              : tr("The model that is open has no learned prior"));
    m_note->setText(m_shown.addressing == Addressing::PseudoInverse ? QString() : tr("Choose the key memory pseudo-inverse to set these."));
}

void MemoryDetails::openAt(QWidget* anchor)
{
    m_anchor = anchor;
    ensurePolished();
    adjustSize();
    const QRect screen = anchor->screen()->availableGeometry();
    QPoint place = anchor->mapToGlobal(QPoint(anchor->width() - width(), anchor->height() + 2));
    if (place.y() + height() > screen.bottom()) // above where there is no room below
        place.setY(anchor->mapToGlobal(QPoint()).y() - height() - 2);
    place.setX(std::clamp(place.x(), screen.left(), std::max(screen.left(), screen.right() - width())));
    place.setY(std::max(screen.top(), place.y()));
    move(place);
    show();
    QWidget* first = m_prompted->isEnabled() ? static_cast<QWidget*>(m_prompted) : m_exact->isEnabled() ? static_cast<QWidget*>(m_exact) : m_defaults;
    first->setFocus(Qt::PopupFocusReason);
}

void MemoryDetails::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

void MemoryDetails::mousePressEvent(QMouseEvent* event)
{
    // A click on its own button closes it, and does not open it again.
    const bool onAnchor = m_anchor && QRect(m_anchor->mapToGlobal(QPoint()), m_anchor->size()).contains(event->globalPosition().toPoint());
    setAttribute(Qt::WA_NoMouseReplay, onAnchor);
    QFrame::mousePressEvent(event);
}

void MemoryDetails::hideEvent(QHideEvent* event)
{
    for (QAbstractSpinBox* box : findChildren<QAbstractSpinBox*>())
        box->interpretText();
    QFrame::hideEvent(event);
}

} // namespace hayloft
