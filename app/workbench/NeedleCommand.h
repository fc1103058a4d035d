// SPDX-License-Identifier: GPL-3.0-or-later
// One undoable step of planting, moving or removing the needle.
#pragma once

#include "app/workbench/WorkspaceTypes.h"

#include <QCoreApplication>
#include <QUndoCommand>
#include <functional>

namespace hayloft {

class NeedleCommand : public QUndoCommand {
    Q_DECLARE_TR_FUNCTIONS(NeedleCommand)
public:
    using Apply = std::function<void(const std::optional<NeedleState>&)>;

    NeedleCommand(std::optional<NeedleState> before, std::optional<NeedleState> after, Apply apply)
        : m_before(std::move(before)), m_after(std::move(after)), m_apply(std::move(apply))
    {
        if (!m_after)
            setText(tr("removing the needle"));
        else if (m_before && m_before->needle.text == m_after->needle.text)
            setText(tr("moving the needle to %1 %").arg(m_after->depth, 0, 'f', 1));
        else
            setText(tr("planting the needle"));
    }

    void undo() override { m_apply(m_before); }
    void redo() override { m_apply(m_after); }

private:
    std::optional<NeedleState> m_before, m_after;
    Apply m_apply;
};

} // namespace hayloft
