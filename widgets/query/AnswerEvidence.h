// SPDX-License-Identifier: GPL-3.0-or-later
// An answer with its evidence: verdict, row, distance, ties, key and the nearest rows.
#pragma once

#include "widgets/QueryPanel.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace hayloft {

class AnswerList;
class AnswerText;

class AnswerEvidence : public QWidget {
    Q_OBJECT
public:
    explicit AnswerEvidence(QWidget* parent = nullptr);
    void setAnswer(const AnswerView& answer);

Q_SIGNALS:
    void rowChosen(qint64 row);
    void segmentChosen(qint64 segment);

protected:
    void changeEvent(QEvent* event) override;

private:
    void createControls();
    void layOutControls();
    const RowAnswerView& shown() const { return m_answer.answers.at(std::size_t(m_shown)); }
    void showAnswer(int answer);
    void showVerdict();
    void showReading();
    QString marginText() const;
    QString tieText() const;
    bool wasRead(qint64 row) const;
    void showKey();
    void showMatches();
    void showNearest();
    void followLink(const QString& link);

    AnswerView m_answer;
    int m_shown = 0; ///< of m_answer.answers
    QLabel* m_verdictIcon;
    QLabel* m_verdict;
    QLabel* m_expected;
    QLabel* m_time;
    QLabel* m_absent;
    AnswerList* m_list;
    AnswerText* m_text;
    QLabel* m_token;
    QLabel* m_reading;
    QLabel* m_key;
    QLabel* m_matches;
    QTableWidget* m_nearest;
};

} // namespace hayloft
