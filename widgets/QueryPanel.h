// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the memory and shows the answer with its evidence.
#pragma once

#include "core/memory/ContentKeys.h"
#include "core/recall/SweepPlan.h"

#include <QWidget>
#include <memory>
#include <vector>

namespace hayloft {

struct ModelAbilities;

struct QueryRequest {
    QString text;
    MemorySettings memory; ///< keys, P, key memory kind, rows
};

struct AnswerToken {
    QString text;
    double probability = 0;
};

enum class Verdict { None, Right, Wrong };

/// What one row answered, with the rows that its answer went on in.
struct RowAnswerView {
    std::vector<AnswerToken> tokens;
    QString part;           ///< of the question that read the row; empty where the question was asked whole
    qint64 row = -1;
    double distance = 0;
    qint64 rowSegments = 0;
    std::vector<qint64> followed; ///< rows that the answer went on in
    qint64 segment = -1;    ///< first segment on the row, -1 none
    double depth = 0;       ///< of that segment, percent of the document
    std::vector<WordMatch> matches; ///< content keys: words of the query and of the answer that met, best first
    bool absent = false;    ///< holds too little of the question to be an answer to it
};

struct AnswerView {
    std::vector<RowAnswerView> answers; ///< at least one; query by query, nearest row first
    bool absent = false;    ///< "not in this document": all of them are
    QString query;
    QString keyText;        ///< what was encoded as the key (design: said where the key is shown)
    bool keyShorterThanP = false;
    bool scored = false;    ///< content keys: score = 1 - distance^2 / 2 is the share of the question that a row holds
    std::vector<Neighbour> nearest; ///< the five nearest rows, the read one first
    std::vector<qint64> tied;
    Verdict verdict = Verdict::None;
    QString expected;       ///< of the planted needle, empty if none
    double milliseconds = 0;
};

class QueryPanel : public QWidget {
    Q_OBJECT
public:
    explicit QueryPanel(QWidget* parent = nullptr);
    ~QueryPanel() override;

    void setQuery(const QString& text, KeyKind keys);
    /// The texts that prefix keys and the other kinds ask with by default (the planted needle's prefix and question).
    void setSuggestions(const QString& prefix, const QString& question);
    void setSettings(const MemorySettings& settings);
    MemorySettings settings() const;
    /// What settings the model that is open has a use for.
    void setModel(const ModelAbilities& model);
    /// Opens the memory settings that have no room in the panel, as their button does.
    void openMemoryDetails();
    QueryRequest request() const;
    void setBusy(bool busy);
    void setAnswer(const AnswerView& answer);
    void clearAnswer();
    /// An answer on screen spoke of rows that are no longer what they were: says so in its place.
    void outdateAnswer();
    /// One line in place of the answer (an error, "not written yet").
    void setMessage(const QString& message);

Q_SIGNALS:
    void askRequested(const hayloft::QueryRequest& request);
    void settingsChanged(const hayloft::MemorySettings& settings); ///< memory must be written anew
    void rowChosen(qint64 row);
    void segmentChosen(qint64 segment);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft

Q_DECLARE_METATYPE(hayloft::QueryRequest)
Q_DECLARE_METATYPE(hayloft::MemorySettings)
