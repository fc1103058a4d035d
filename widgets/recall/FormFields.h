// SPDX-License-Identifier: GPL-3.0-or-later
// Fields of the sweep form, with name and hint, and the notes below them.
#pragma once

#include "core/base/Error.h"

#include <QLabel>
#include <QString>

class QLineEdit;
class QSpinBox;

namespace hayloft {

QLabel* noteLabel(const QString& accessibleName);
QLineEdit* lineEdit(const QString& name, const QString& hint, const QString& text);
QSpinBox* spinBox(const QString& name, const QString& hint, int least, int most, int value);

/// Shows what the field says by `words`, or why it says nothing: the Error that `words` throws.
template <typename Words>
void setNote(QLabel* label, const Words& words)
{
    try {
        label->setWordWrap(false);
        label->setText(words());
    } catch (const Error& error) {
        label->setWordWrap(true);
        label->setText(QStringLiteral("⚠ ") + QString::fromUtf8(error.what()));
    }
}

} // namespace hayloft
