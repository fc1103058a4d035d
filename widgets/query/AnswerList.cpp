// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/query/AnswerList.h"

#include <QHeaderView>
#include <QLocale>
#include <QSignalBlocker>

#include <algorithm>

namespace hayloft {

namespace {

constexpr int kTextColumn = 0, kRowColumn = 1, kScoreColumn = 2, kPlaceColumn = 3, kColumns = 4;
constexpr int kShownLines = 8;

QString textOf(const RowAnswerView& answer)
{
    QString text;
    for (const AnswerToken& token : answer.tokens)
        text += token.text;
    return text.simplified();
}

} // namespace

AnswerList::AnswerList(QWidget* parent)
    : QTableWidget(0, kColumns, parent)
{
    setAccessibleName(tr("Answers"));
    setToolTip(tr("Rows that were read for this question; click or press Enter to go to an answer's place in the document"));
    setHorizontalHeaderLabels({ tr("Answer"), tr("Row"), tr("Score"), tr("Place") });
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    horizontalHeader()->setSectionResizeMode(kTextColumn, QHeaderView::Stretch);
    horizontalHeader()->setHighlightSections(false);
    for (int column = kTextColumn; column < kColumns; ++column)
        horizontalHeaderItem(column)->setTextAlignment((column == kTextColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTextElideMode(Qt::ElideMiddle); // answers often begin alike and end with what was asked for
    setWordWrap(false);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setAlternatingRowColors(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QTableWidget::currentCellChanged, this, [this](int line, int, int before, int) {
        if (line >= 0 && line != before)
            Q_EMIT answerShown(line);
    });
    const auto choose = [this](int line, int) {
        if (m_segments[std::size_t(line)] >= 0)
            Q_EMIT segmentChosen(m_segments[std::size_t(line)]);
    };
    connect(this, &QTableWidget::cellClicked, this, choose);
    // Enter on a line; a double click has been a click already.
    connect(this, &QTableWidget::cellActivated, this, choose);
}

void AnswerList::setAnswers(const std::vector<RowAnswerView>& answers)
{
    const QSignalBlocker silent(this);
    m_segments.clear();
    setRowCount(int(answers.size()));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        m_segments.push_back(answers[i].segment);
        fillLine(int(i), answers[i]);
    }
    setCurrentCell(answers.empty() ? -1 : 0, kTextColumn);
    const int lines = std::min(kShownLines, std::max(1, int(answers.size())));
    setFixedHeight(horizontalHeader()->sizeHint().height() + lines * verticalHeader()->defaultSectionSize() + 2 * frameWidth());
}

void AnswerList::fillLine(int line, const RowAnswerView& answer)
{
    const QLocale locale;
    const QString text = textOf(answer);
    auto* said = new QTableWidgetItem(text);
    said->setToolTip(answer.part.isEmpty() ? text : tr("%1\n\nasked: %2").arg(text, answer.part));
    QString rows = answer.row < 0 ? tr("all") : locale.toString(answer.row);
    for (qint64 row : answer.followed)
        rows += QStringLiteral(", ") + locale.toString(row);
    auto* row = new QTableWidgetItem(rows);
    auto* score = new QTableWidgetItem(locale.toString(scoreAt(answer.distance), 'f', 2));
    auto* place = new QTableWidgetItem(answer.segment < 0 ? tr("none") : tr("%1 %").arg(locale.toString(answer.depth, 'f', 1)));
    place->setToolTip(answer.segment < 0 ? tr("No segment is on this row") : tr("Segment %1, depth in the document").arg(locale.toString(answer.segment)));
    const QList<QTableWidgetItem*> items { said, row, score, place };
    for (int column = kTextColumn; column < kColumns; ++column) {
        QTableWidgetItem* item = items[column];
        item->setTextAlignment((column == kTextColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        if (answer.absent) {
            QFont italic = font();
            italic.setItalic(true);
            item->setFont(italic);
            item->setToolTip(tr("Holds too little of the question to count as an answer"));
        }
        setItem(line, column, item);
    }
}

} // namespace hayloft
