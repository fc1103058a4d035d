// SPDX-License-Identifier: GPL-3.0-or-later
// Edits the needle: its text, the prefix and question that ask for it, and its depth.
#pragma once

#include "app/workbench/WorkspaceTypes.h"

#include <QDialog>
#include <vector>

class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace hayloft {

/// A needle offered by name.
struct NeedlePreset {
    QString name;
    NeedleState state;
};

/// San Francisco, a passkey with a value drawn from `seed`, and the first of `needles`.
std::vector<NeedlePreset> needlePresets(const std::vector<Needle>& needles, std::uint64_t seed);

class NeedleDialog : public QDialog {
    Q_OBJECT
public:
    NeedleDialog(std::vector<NeedlePreset> presets, const Needle& needle, double depthPercent, QWidget* parent = nullptr);

    /// The fields as they stand; a preset's needle whose text was left alone is scored as the preset is.
    NeedleState needleState() const;

private:
    void applyPreset(int index);
    void validate();

    std::vector<NeedlePreset> m_presets;
    QComboBox* m_preset = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLineEdit* m_prefix = nullptr;
    QLineEdit* m_question = nullptr;
    QDoubleSpinBox* m_depth = nullptr;
    QLabel* m_note = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
};

} // namespace hayloft
