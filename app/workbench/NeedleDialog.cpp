// SPDX-License-Identifier: GPL-3.0-or-later
// The needle dialog's form and presets.
#include "app/workbench/NeedleDialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace hayloft {

namespace {

constexpr int kPasskeyDigits = 5;
constexpr std::size_t kMostPresets = 200; ///< nobody looks through a longer list

} // namespace

std::vector<NeedlePreset> needlePresets(const std::vector<Needle>& needles, std::uint64_t seed)
{
    std::vector<NeedlePreset> presets;
    presets.push_back({NeedleDialog::tr("San Francisco"), hayloft::needleState(sanFranciscoNeedle(), 0)});
    const NeedleState passkey = passkeyState(kPasskeyDigits, seed, 0);
    presets.push_back({NeedleDialog::tr("Passkey %1").arg(QString::fromStdString(passkey.expected)), passkey});
    for (std::size_t i = 0; i < std::min(needles.size(), kMostPresets); ++i) {
        const QString text = QString::fromStdString(needles[i].text);
        presets.push_back({text.size() > 60 ? text.left(58) + QStringLiteral("…") : text, hayloft::needleState(needles[i], 0)});
    }
    return presets;
}

NeedleDialog::NeedleDialog(std::vector<NeedlePreset> presets, const Needle& needle, double depthPercent, QWidget* parent)
    : QDialog(parent), m_presets(std::move(presets))
{
    setWindowTitle(tr("Needle"));
    m_preset = new QComboBox(this);
    m_preset->setAccessibleName(tr("Needle preset"));
    m_preset->addItem(tr("Own needle"));
    for (const NeedlePreset& preset : m_presets)
        m_preset->addItem(preset.name);
    for (std::size_t i = 0; i < m_presets.size(); ++i) {
        if (m_presets[i].state.needle.text == needle.text)
            m_preset->setCurrentIndex(static_cast<int>(i) + 1);
    }
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_preset->setMinimumContentsLength(40);
    m_text = new QPlainTextEdit(QString::fromStdString(needle.text), this);
    m_text->setAccessibleName(tr("Needle text"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * 6);
    m_prefix = new QLineEdit(QString::fromStdString(needle.prefix), this);
    m_prefix->setAccessibleName(tr("Needle prefix"));
    m_question = new QLineEdit(QString::fromStdString(needle.question), this);
    m_question->setAccessibleName(tr("Needle question"));
    m_depth = new QDoubleSpinBox(this);
    m_depth->setAccessibleName(tr("Needle depth"));
    m_depth->setRange(0, 100);
    m_depth->setDecimals(1);
    m_depth->setSuffix(tr(" %"));
    m_depth->setValue(depthPercent);
    m_note = new QLabel(this);
    m_note->setAccessibleName(tr("Needle note"));
    m_note->setWordWrap(true);

    auto* form = new QFormLayout;
    const auto row = [&](const QString& label, QWidget* field, const QString& help) {
        field->setToolTip(help);
        form->addRow(label, field);
    };
    row(tr("P&reset"), m_preset, tr("Fills the fields below"));
    row(tr("&Text"), m_text, tr("The sentence that is planted in the haystack"));
    row(tr("&Prefix"), m_prefix, tr("The needle's own first words: the query of prefix keys"));
    row(tr("&Question"), m_question, tr("A plainly worded question: the query of whole keys"));
    row(tr("&Depth"), m_depth, tr("Position in percent of the haystack; 0 is the top"));
    m_buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Plant"));
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_note);
    layout->addWidget(m_buttons);

    connect(m_preset, &QComboBox::activated, this, &NeedleDialog::applyPreset);
    connect(m_text, &QPlainTextEdit::textChanged, this, &NeedleDialog::validate);
    connect(m_prefix, &QLineEdit::textChanged, this, &NeedleDialog::validate);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
    resize(560, sizeHint().height());
}

NeedleState NeedleDialog::needleState() const
{
    Needle needle{m_text->toPlainText().trimmed().toStdString(), m_prefix->text().trimmed().toStdString(),
                  m_question->text().trimmed().toStdString()};
    for (const NeedlePreset& preset : m_presets) {
        if (preset.state.needle.text == needle.text) {
            NeedleState state = preset.state;
            state.needle = std::move(needle);
            state.depth = m_depth->value();
            return state;
        }
    }
    return hayloft::needleState(std::move(needle), m_depth->value());
}

void NeedleDialog::applyPreset(int index)
{
    if (index < 1)
        return;
    const Needle& needle = m_presets[static_cast<std::size_t>(index - 1)].state.needle;
    m_text->setPlainText(QString::fromStdString(needle.text));
    m_prefix->setText(QString::fromStdString(needle.prefix));
    m_question->setText(QString::fromStdString(needle.question));
}

void NeedleDialog::validate()
{
    const QString text = m_text->toPlainText().trimmed();
    const QString prefix = m_prefix->text().trimmed();
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(!text.isEmpty());
    if (text.isEmpty())
        m_note->setText(tr("A needle needs a text."));
    else if (prefix.isEmpty())
        m_note->setText(tr("Without a prefix the needle's own first words are suggested as the query."));
    else if (!text.startsWith(prefix))
        m_note->setText(tr("The text does not begin with this prefix: a prefix key will address another row."));
    else
        m_note->setText(tr("A prefix key finds the needle's row because the text begins with the prefix."));
}

} // namespace hayloft
