// SPDX-License-Identifier: GPL-3.0-or-later
// Plain values that cross between the compute thread and the window.
#pragma once

#include "core/model/LatentModel.h"
#include "core/recall/SweepPlan.h"
#include "core/store/RunRecord.h"
#include "core/text/Document.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/query/MemoryDetails.h"

#include <memory>
#include <optional>

namespace hayloft {

/// The needle as the user wants it: what is planted, what asks for it, and where.
struct NeedleState {
    Needle needle;
    TaskKind kind = TaskKind::Needle;
    std::string expected; ///< the passkey's value, or the needle's text
    double depth = 50;    ///< percent of the haystack, wanted
    std::vector<std::string> values {}; ///< of a RULER trial: each that is expected
};
bool operator==(const NeedleState& a, const NeedleState& b);

/// A sentence needle, or a passkey when `kind` says so. Needles without a prefix get their first words as one.
NeedleState needleState(Needle needle, double depth);
NeedleState passkeyState(int digits, std::uint64_t seed, double depth);

/// A model that was opened, for the window.
struct OpenedModel {
    ModelInfo info;
    ModelAbilities abilities;
};

/// One trial of a run, to be rebuilt.
struct TrialRequest {
    std::shared_ptr<const RunRecord> record;
    std::int64_t lengthTokens = 0;
    double depthPercent = 0;
    int sample = 0; ///< index in the cell's samples
};

/// What to show and write: one of paths, text, trial, or (none of them) the document that is open.
struct OpenRequest {
    QStringList paths;
    QString text;               ///< pasted
    QString name;               ///< of the pasted text, or the title of the paths
    std::optional<TrialRequest> trial;
    SegmenterOptions segmenter;
    MemorySettings memory;
    std::optional<NeedleState> needle;
};

/// The document and its memory as they stand.
struct Snapshot {
    DocumentView document;
    QString path;                ///< of the document; empty for pasted text and trials
    MemoryView matrix;           ///< a copy as writing begins; without values afterwards
    qint64 rows = 0;             ///< K
    int columns = 0;             ///< C
    bool complete = false;       ///< every segment is written
    bool trial = false;          ///< a trial of a run: its needle cannot be moved
    MemorySettings memory;
    int prefixTokens = 0;        ///< P
    std::optional<NeedleState> needle;
    double depthAchieved = 0;    ///< percent
    qint64 tokenPosition = 0;    ///< tokens before the needle
    qint64 needleSegment = -1;
};

/// Rows that changed, with their values, and the row of every segment.
struct RowsUpdate {
    std::vector<qint64> rows, counts;
    std::vector<float> values;   ///< n x C
    qint64 totalRows = 0;        ///< K
    int columns = 0;
    std::vector<qint64> segmentRows, rowSegments; ///< one per segment
};

/// What planting, moving or removing changed.
struct NeedleChange {
    Snapshot snapshot;
    RowsUpdate rows;
};

/// One slow-motion step; `step.segment` is -1 when everything is written.
struct SlowStep {
    WriteStep step;
    RowsUpdate rows;
};

} // namespace hayloft
