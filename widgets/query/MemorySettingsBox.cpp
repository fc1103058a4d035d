// SPDX-License-Identifier: GPL-3.0-or-later
// Kind of key, P, key memory and its rows: one row of controls for MemorySettings.
#include "widgets/query/MemorySettingsBox.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/FieldLabel.h"
#include "widgets/query/MemoryDetails.h"
#include "widgets/query/MemoryWords.h"
#include "widgets/query/RowsSpinBox.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

namespace hayloft {

namespace {

// An item beside the key memories: all rows are read, and what they are drawn from is no user's question here.
constexpr int kPseudoInverse = -1;

} // namespace

MemorySettingsBox::MemorySettingsBox(const QString& scope, const QString& detailsKeys, QWidget* parent)
    : QWidget(parent)
{
    createControls(scope);
    createDetails(scope, detailsKeys);
    layOutControls();
    connectControls();
    enableControls();
}

MemorySettingsBox::~MemorySettingsBox() { disconnectChildren(this); }

void MemorySettingsBox::createControls(const QString& scope)
{
    const auto named = [&scope](const QString& name) { return scope.isEmpty() ? name : tr("%1: %2").arg(scope, name); };
    m_prefix = new QRadioButton(tr("Prefix"));
    m_prefix->setChecked(true);
    m_prefix->setAccessibleName(named(tr("Prefix keys")));
    m_prefix->setToolTip(tr("Address the memory by the first P tokens of a segment or query, encoded on their own"));
    m_whole = new QRadioButton(tr("Whole"));
    m_whole->setAccessibleName(named(tr("Whole keys")));
    m_whole->setToolTip(tr("Address the memory by the whole segment and the whole question"));
    m_content = new QRadioButton(tr("Content"));
    m_content->setAccessibleName(named(tr("Content keys")));
    m_content->setToolTip(tr("Address the memory by the words of a segment and of a question, as you would say it"));
    m_prefixTokens = new QSpinBox;
    m_prefixTokens->setRange(0, 16);
    m_prefixTokens->setSpecialValueText(tr("auto"));
    m_prefixTokens->setKeyboardTracking(false);
    m_prefixTokens->setAccessibleName(named(tr("Prefix tokens")));
    m_prefixTokens->setToolTip(tr("P, tokens of a prefix key, 1 to 16; auto is the model's own"));
    m_prefixTokensLabel = new QLabel(tr("P"));
    m_prefixTokensLabel->setBuddy(m_prefixTokens);
    m_keyMemory = new QComboBox;
    m_keyMemory->addItem(tr("grow"), int(KeyMemoryKind::Grow));
    m_keyMemory->addItem(tr("fixed"), int(KeyMemoryKind::Fixed));
    m_keyMemory->addItem(tr("pseudo-inverse"), kPseudoInverse);
    m_keyMemory->setAccessibleName(named(tr("Key memory")));
    m_keyMemory->setToolTip(tr("grow: every segment has a row of its own. fixed: K key rows drawn once, shared by segments. "
                               "pseudo-inverse: Larimar as published, every read is a mixture of all K rows."));
    m_rows = new RowsSpinBox;
    m_rows->setAccessibleName(named(tr("Memory rows")));
    m_rowsLabel = new QLabel(tr("K"));
    m_rowsLabel->setBuddy(m_rows);
}

void MemorySettingsBox::createDetails(const QString& scope, const QString& keys)
{
    const QString name = tr("Unusual memory settings"), hint = tr("The decoder's prompt; for pseudo-inverse: learned rows, inverses, reads and noise");
    m_more = new QToolButton;
    m_more->setText(tr("More…"));
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->setAccessibleName(scope.isEmpty() ? tr("More") : tr("%1: %2").arg(scope, tr("More")));
    m_more->setToolTip(keys.isEmpty() ? hint : tr("%1 (%2)").arg(hint, keys));
    m_words = new QLabel;
    m_words->setWordWrap(true);
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_words->setAccessibleName(scope.isEmpty() ? name : tr("%1: %2").arg(scope, name));
    QFont small = m_words->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    m_words->setFont(small);
    m_words->hide();
    m_details = new MemoryDetails(scope, this);
}

void MemorySettingsBox::layOutControls()
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    auto* keys = new QHBoxLayout;
    keys->addWidget(m_prefix);
    keys->addWidget(m_whole);
    keys->addWidget(m_content);
    keys->addStretch(1);
    grid->addWidget(fieldLabel(tr("Keys")), 0, 0);
    grid->addLayout(keys, 0, 1);
    grid->addWidget(m_prefixTokensLabel, 0, 2, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_prefixTokens, 0, 3);
    grid->addWidget(fieldLabel(tr("Key memory"), m_keyMemory), 1, 0);
    auto* kind = new QHBoxLayout;
    kind->addWidget(m_keyMemory, 1);
    kind->addWidget(m_more);
    grid->addLayout(kind, 1, 1);
    grid->addWidget(m_rowsLabel, 1, 2, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_rows, 1, 3);
    grid->addWidget(m_words, 2, 1, 1, 3);
    grid->setColumnStretch(1, 1);
}

void MemorySettingsBox::connectControls()
{
    const auto userChange = [this] {
        m_base.latents = LatentFormat::Float32; // a record's; other settings may not take it
        enableControls();
        Q_EMIT changed();
    };
    for (QRadioButton* keys : { m_prefix, m_whole, m_content })
        connect(keys, &QRadioButton::toggled, this, [userChange](bool on) {
            if (on) // one goes off whenever another goes on
                userChange();
        });
    connect(m_prefixTokens, &QSpinBox::valueChanged, this, userChange);
    connect(m_keyMemory, &QComboBox::currentIndexChanged, this, [this, userChange] {
        followPrior();
        takeUsualRows();
        userChange();
    });
    connect(m_rows, &QSpinBox::valueChanged, this, userChange);
    connect(m_more, &QToolButton::clicked, this, &MemorySettingsBox::openDetails);
    connect(m_details, &MemoryDetails::changed, this, userChange);
}

bool MemorySettingsBox::readsAllRows() const { return m_keyMemory->currentData().toInt() == kPseudoInverse; }

/// The published memory has fewer rows than a long context needs: K follows the kind unless the user has chosen it.
void MemorySettingsBox::takeUsualRows()
{
    const QSignalBlocker rows(m_rows), prefix(m_prefix), content(m_content);
    const Index usual = readsAllRows() ? MemorySettings().rows : kPublishedRows;
    if (m_rows->value() == int(usual))
        m_rows->setValue(int(readsAllRows() ? kPublishedRows : MemorySettings().rows));
    if (readsAllRows() && m_content->isChecked())
        m_prefix->setChecked(true);
}

/// The learned rows are as many as they are; the user's own K comes back when rows are drawn again.
void MemorySettingsBox::followPrior()
{
    const qint64 rows = readsAllRows() && settings().keyMemory == KeyMemoryKind::Prior ? m_priorRows : 0;
    if (rows == m_shownPriorRows)
        return;
    const QSignalBlocker blocker(m_rows);
    if (m_shownPriorRows == 0)
        m_ownRows = m_rows->value();
    m_rows->setRange(rows > 0 ? int(rows) : RowsSpinBox::kLeast, rows > 0 ? int(rows) : RowsSpinBox::kMost);
    m_rows->setValue(rows > 0 ? int(rows) : m_ownRows);
    m_shownPriorRows = rows;
}

void MemorySettingsBox::showWords()
{
    const QString words = memoryWords(settings());
    m_words->setText(words);
    m_words->setVisible(!words.isEmpty());
    m_more->setAccessibleDescription(words);
}

void MemorySettingsBox::setModel(const ModelAbilities& model)
{
    m_priorRows = model.priorRows;
    m_details->setModel(model);
    enableControls();
}

void MemorySettingsBox::openDetails()
{
    if (!isEnabled())
        return;
    for (QWidget* around = parentWidget(); around; around = around->parentWidget())
        if (auto* area = qobject_cast<QScrollArea*>(around))
            area->ensureWidgetVisible(m_more);
    m_details->openAt(m_more);
}

void MemorySettingsBox::enableControls()
{
    followPrior();
    m_details->setSettings(chosen());
    showWords();
    const bool prefix = m_prefix->isChecked();
    m_prefixTokens->setEnabled(prefix);
    m_prefixTokensLabel->setEnabled(prefix);
    m_content->setEnabled(!readsAllRows()); // it is read with the question's latent
    const bool fixed = readsAllRows() ? m_shownPriorRows == 0 : (!m_rowsByLoad && m_keyMemory->currentData().toInt() != int(KeyMemoryKind::Grow));
    m_rows->setEnabled(fixed);
    m_rowsLabel->setEnabled(fixed);
}

void MemorySettingsBox::setRowsByLoad(bool byLoad)
{
    if (byLoad == m_rowsByLoad)
        return;
    m_rowsByLoad = byLoad;
    const QSignalBlocker kind(m_keyMemory);
    const int grow = m_keyMemory->findData(int(KeyMemoryKind::Grow));
    if (byLoad) {
        m_grewBefore = m_keyMemory->currentIndex() == grow;
        if (m_grewBefore)
            m_keyMemory->setCurrentIndex(m_keyMemory->findData(int(KeyMemoryKind::Fixed)));
        m_keyMemory->removeItem(grow);
    } else {
        m_keyMemory->insertItem(0, tr("grow"), int(KeyMemoryKind::Grow));
        if (m_grewBefore && !readsAllRows())
            m_keyMemory->setCurrentIndex(0);
    }
    enableControls();
}

void MemorySettingsBox::setSettings(const MemorySettings& settings)
{
    m_base = settings;
    const QSignalBlocker prefix(m_prefix), whole(m_whole), content(m_content), tokens(m_prefixTokens), kind(m_keyMemory), rows(m_rows);
    QRadioButton* keys = settings.keys == KeyKind::Prefix ? m_prefix : settings.keys == KeyKind::Whole ? m_whole : m_content;
    keys->setChecked(true);
    m_prefixTokens->setValue(settings.prefixTokens);
    const bool all = settings.addressing == Addressing::PseudoInverse;
    m_grewBefore = settings.keyMemory == KeyMemoryKind::Grow;
    const bool shares = m_rowsByLoad && m_grewBefore;
    m_keyMemory->setCurrentIndex(m_keyMemory->findData(all ? kPseudoInverse : shares ? int(KeyMemoryKind::Fixed) : int(settings.keyMemory)));
    m_details->setSettings(settings);
    followPrior();
    if (m_shownPriorRows == 0)
        m_rows->setValue(int(settings.rows));
    enableControls();
}

MemorySettings MemorySettingsBox::settings() const
{
    MemorySettings settings = chosen();
    if (settings.keys == KeyKind::Content)
        settings.prompted = DecoderPrompt::None; // these keys refuse it; the choice comes back with others
    return settings;
}

MemorySettings MemorySettingsBox::chosen() const
{
    MemorySettings settings = m_base;
    const KeyKind asked = m_base.keys == KeyKind::Floor ? KeyKind::Floor : KeyKind::Content; // no button of its own: to compare with
    settings.keys = m_prefix->isChecked() ? KeyKind::Prefix : m_whole->isChecked() ? KeyKind::Whole : asked;
    settings.prefixTokens = m_prefixTokens->value();
    settings.addressing = readsAllRows() ? Addressing::PseudoInverse : Addressing::NearestRow;
    if (!readsAllRows())
        settings.keyMemory = KeyMemoryKind(m_keyMemory->currentData().toInt());
    settings.rows = m_rows->value();
    return m_details->appliedTo(settings);
}

} // namespace hayloft
