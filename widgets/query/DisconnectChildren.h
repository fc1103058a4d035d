// SPDX-License-Identifier: GPL-3.0-or-later
// For destructors: children still signal (a field loses focus) while their parent is half gone.
#pragma once

#include <QWidget>

namespace hayloft {

/// Cuts every connection from a child to `parent`, and those whose context it is.
inline void disconnectChildren(QWidget* parent)
{
    for (QObject* child : parent->findChildren<QObject*>())
        child->disconnect(parent);
}

} // namespace hayloft
