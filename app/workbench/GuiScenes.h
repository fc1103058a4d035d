// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs as a user makes them, for measuring frames.
#pragma once

#include <functional>

class QAbstractScrollArea;

namespace hayloft {

class MatrixView;

/// Each call sends the events of one frame to the widget; false when the scene is over.
using Scene = std::function<bool()>;

/// Drags the memory from its first row to its last, zoomed so that it is about so many pictures tall.
Scene panOverRows(MatrixView& view, double pictures);
/// Turns the wheel at so many places down the picture, from the whole memory to single cells and back.
Scene zoomInAndOut(MatrixView& view, int places);
/// Drags the scroll bar's handle from the top of the document to its end.
Scene dragScrollBar(QAbstractScrollArea& area);
/// Turns the wheel upwards so many times.
Scene wheelUpwards(QAbstractScrollArea& area, int turns);

} // namespace hayloft
