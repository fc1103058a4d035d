// SPDX-License-Identifier: GPL-3.0-or-later
// Kind of key, P, key memory and its rows: one row of controls for MemorySettings.
#include "widgets/query/MemorySettingsBox.h"

#include "widgets/query/FieldLabel.h"
#include "widgets/query/RowsSpinBox.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QSignalBlocker>

namespace hayloft {

namespace {

// An item beside the key memories: all rows are read, and what they are drawn from is no user's question here.
constexpr int kPseudoInverse = -1;

} // namespace

MemorySettingsBox::MemorySettingsBox(const QString& scope, QWidget* parent)
    : QWidget(parent)
{
    createControls(scope);
    layOutControls();
    connectControls();
    enableControls();
}

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
    grid->addWidget(m_keyMemory, 1, 1);
    grid->addWidget(m_rowsLabel, 1, 2, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(m_rows, 1, 3);
    grid->setColumnStretch(1, 1);
}

void MemorySettingsBox::connectControls()
{
    const auto userChange = [this] {
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
        takeUsualRows();
        userChange();
    });
    connect(m_rows, &QSpinBox::valueChanged, this, userChange);
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

void MemorySettingsBox::enableControls()
{
    const bool prefix = m_prefix->isChecked();
    m_prefixTokens->setEnabled(prefix);
    m_prefixTokensLabel->setEnabled(prefix);
    m_content->setEnabled(!readsAllRows()); // it is read with the question's latent
    const bool fixed = readsAllRows() || (!m_rowsByLoad && m_keyMemory->currentData().toInt() != int(KeyMemoryKind::Grow));
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
    m_rows->setValue(int(settings.rows));
    enableControls();
}

MemorySettings MemorySettingsBox::settings() const
{
    MemorySettings settings = m_base;
    const KeyKind asked = m_base.keys == KeyKind::Floor ? KeyKind::Floor : KeyKind::Content; // no button of its own: to compare with
    settings.keys = m_prefix->isChecked() ? KeyKind::Prefix : m_whole->isChecked() ? KeyKind::Whole : asked;
    if (settings.keys == KeyKind::Content)
        settings.prompted = DecoderPrompt::None; // a record's; these keys refuse it
    settings.prefixTokens = m_prefixTokens->value();
    settings.addressing = readsAllRows() ? Addressing::PseudoInverse : Addressing::NearestRow;
    if (!readsAllRows())
        settings.keyMemory = KeyMemoryKind(m_keyMemory->currentData().toInt());
    else if (settings.keyMemory == KeyMemoryKind::Grow)
        settings.keyMemory = KeyMemoryKind::Fixed; // rows that are drawn; a record's prior stays
    settings.rows = m_rows->value();
    return settings;
}

} // namespace hayloft
