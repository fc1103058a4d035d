// SPDX-License-Identifier: GPL-3.0-or-later
// A spin box for the rows of a fixed key memory: the arrows double and halve.
#include "widgets/query/RowsSpinBox.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

RowsSpinBox::RowsSpinBox(QWidget* parent)
    : QSpinBox(parent)
{
    setRange(kLeast, kMost);
    setValue(4096);
    setGroupSeparatorShown(true);
    // Each change may mean that the memory is written anew: wait for the whole number.
    setKeyboardTracking(false);
    setToolTip(tr("Rows K of the fixed key memory, 512 to 65,536. Fewer rows are shared by more segments."));
}

void RowsSpinBox::stepBy(int steps)
{
    const double power = std::log2(double(value()));
    const double next = steps > 0 ? std::floor(power) + steps : std::ceil(power) + steps;
    setValue(int(std::lround(std::exp2(std::clamp(next, 0.0, 30.0)))));
}

QAbstractSpinBox::StepEnabled RowsSpinBox::stepEnabled() const
{
    StepEnabled enabled = StepNone;
    if (value() < maximum())
        enabled |= StepUpEnabled;
    if (value() > minimum())
        enabled |= StepDownEnabled;
    return enabled;
}

} // namespace hayloft
