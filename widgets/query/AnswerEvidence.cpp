// SPDX-License-Identifier: GPL-3.0-or-later
// An answer with its evidence: verdict, row, distance, ties, key and the nearest rows.
#include "widgets/query/AnswerEvidence.h"

#include "widgets/query/AnswerList.h"
#include "widgets/query/AnswerText.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace hayloft {

namespace {

constexpr int kRankColumn = 0, kRowColumn = 1, kDistanceColumn = 2, kScoreColumn = 3;

/// A tick, a cross, or (nothing found) a dash on a disc; the word beside it says the same.
QPixmap verdictPixmap(Verdict verdict, bool absent, int size, double ratio)
{
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    if (verdict == Verdict::None && !absent)
        return pixmap;
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(verdict == Verdict::Right ? QColor(0x00, 0x7A, 0x5A) : absent ? QColor(0x6B, 0x72, 0x80) : QColor(0xC4, 0x4E, 0x00));
    painter.drawEllipse(QRectF(0, 0, size, size));
    painter.setPen(QPen(Qt::white, size * 0.13, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    QPainterPath mark;
    if (verdict == Verdict::Right) {
        mark.moveTo(size * 0.27, size * 0.53);
        mark.lineTo(size * 0.43, size * 0.69);
        mark.lineTo(size * 0.74, size * 0.34);
    } else if (absent) {
        mark.moveTo(size * 0.28, size * 0.5);
        mark.lineTo(size * 0.72, size * 0.5);
    } else {
        mark.moveTo(size * 0.32, size * 0.32);
        mark.lineTo(size * 0.68, size * 0.68);
        mark.moveTo(size * 0.68, size * 0.32);
        mark.lineTo(size * 0.32, size * 0.68);
    }
    painter.drawPath(mark);
    return pixmap;
}

QString number(qint64 value) { return QLocale().toString(value); }
/// Keys of equal text differ by rounding only: "0.000" says that better than "3.1e-6".
QString distanceText(double distance) { return QLocale().toString(distance, 'f', 3); }

QString link(const QString& kind, qint64 index)
{
    return QStringLiteral("<a href=\"%1:%2\">%3</a>").arg(kind).arg(index).arg(number(index));
}

QLabel* linkLabel(const QString& accessibleName)
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setAccessibleName(accessibleName);
    return label;
}

} // namespace

AnswerEvidence::AnswerEvidence(QWidget* parent)
    : QWidget(parent)
{
    createControls();
    layOutControls();
    connect(m_text, &AnswerText::tokenPointed, m_token, &QLabel::setText);
    connect(m_reading, &QLabel::linkActivated, this, &AnswerEvidence::followLink);
    connect(m_list, &AnswerList::answerShown, this, &AnswerEvidence::showAnswer);
    connect(m_list, &AnswerList::segmentChosen, this, &AnswerEvidence::segmentChosen);
    const auto choose = [this](int line, int) { Q_EMIT rowChosen(m_nearest->item(line, kRowColumn)->data(Qt::UserRole).toLongLong()); };
    connect(m_nearest, &QTableWidget::cellClicked, this, choose);
    // Enter on a line; a double click has been a click already.
    connect(m_nearest, &QTableWidget::cellActivated, this, choose);
}

void AnswerEvidence::createControls()
{
    m_verdictIcon = new QLabel;
    m_verdict = new QLabel;
    QFont bold = m_verdict->font();
    bold.setBold(true);
    m_verdict->setFont(bold);
    m_verdict->setAccessibleName(tr("Verdict"));
    m_expected = new QLabel;
    m_expected->setWordWrap(true);
    m_expected->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_expected->setAccessibleName(tr("Expected answer"));
    m_time = new QLabel;
    m_time->setAccessibleName(tr("Time taken"));
    m_time->setToolTip(tr("From the query to the decoded answer"));
    m_absent = new QLabel(tr("No row holds enough of the question. The nearest one says:"));
    m_absent->setWordWrap(true);
    m_absent->setAccessibleName(tr("Nothing found"));
    m_absent->setToolTip(tr("The limit comes from questions about training books: at most 2% of those without an answer got one"));
    m_list = new AnswerList;
    m_text = new AnswerText;
    m_token = new QLabel;
    m_token->setAccessibleName(tr("Token at the text cursor"));
    m_token->setToolTip(tr("Move the text cursor over the answer to read each token's probability"));
    m_reading = linkLabel(tr("Row read"));
    m_reading->setToolTip(tr("Follow a number to show that row or segment"));
    m_key = new QLabel;
    m_key->setWordWrap(true);
    m_key->setAccessibleName(tr("Key"));
    m_key->setToolTip(tr("What was encoded to address the memory"));
    m_matches = new QLabel;
    m_matches->setWordWrap(true);
    m_matches->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_matches->setAccessibleName(tr("Why this row"));
    m_matches->setToolTip(tr("Words of the question, the words of the answer they met, and how much that adds to the score"));
    m_nearest = new QTableWidget(0, 4);
    m_nearest->setAccessibleName(tr("Nearest rows"));
    m_nearest->setToolTip(tr("The rows whose keys are nearest to the query's key; click or press Enter to show one"));
    m_nearest->setHorizontalHeaderLabels({ tr("#"), tr("Row"), tr("Distance"), tr("Score") });
    m_nearest->verticalHeader()->hide();
    m_nearest->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_nearest->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_nearest->horizontalHeader()->setSectionResizeMode(kRankColumn, QHeaderView::ResizeToContents);
    m_nearest->horizontalHeader()->setHighlightSections(false);
    m_nearest->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_nearest->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_nearest->setSelectionMode(QAbstractItemView::SingleSelection);
    m_nearest->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_nearest->setShowGrid(false);
    m_nearest->setTabKeyNavigation(false);
    m_nearest->setAlternatingRowColors(true);
}

void AnswerEvidence::layOutControls()
{
    auto* head = new QHBoxLayout;
    head->addWidget(m_verdictIcon);
    head->addWidget(m_verdict);
    head->addStretch(1);
    head->addWidget(new ProbabilityLegend);
    head->addSpacing(6);
    head->addWidget(m_time);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(head);
    column->addWidget(m_list);
    column->addWidget(m_absent);
    column->addWidget(m_text);
    column->addWidget(m_token);
    column->addWidget(m_expected);
    column->addWidget(m_reading);
    column->addWidget(m_key);
    column->addWidget(m_matches);
    column->addWidget(m_nearest);
    column->addStretch(1);
}

void AnswerEvidence::setAnswer(const AnswerView& answer)
{
    m_answer = answer;
    if (m_answer.answers.empty())
        m_answer.answers.emplace_back();
    m_list->setAnswers(m_answer.answers);
    m_list->setVisible(m_answer.answers.size() > 1);
    m_absent->setVisible(m_answer.absent);
    m_time->setText(tr("%1 ms").arg(QLocale().toString(answer.milliseconds, 'f', answer.milliseconds < 10 ? 1 : 0)));
    showVerdict();
    showKey();
    showNearest();
    showAnswer(0);
}

void AnswerEvidence::showAnswer(int answer)
{
    m_shown = answer;
    m_text->setTokens(shown().tokens);
    m_token->setText(tr("Point at a token for its probability."));
    showReading();
    showMatches();
}

void AnswerEvidence::showVerdict()
{
    const int size = fontMetrics().height();
    m_verdictIcon->setPixmap(verdictPixmap(m_answer.verdict, m_answer.absent, size, devicePixelRatioF()));
    m_verdictIcon->setVisible(m_answer.verdict != Verdict::None || m_answer.absent);
    const int answers = int(std::count_if(m_answer.answers.begin(), m_answer.answers.end(), [](const RowAnswerView& a) { return !a.absent; }));
    const QString plain = answers > 1 ? tr("%1 answers").arg(number(answers)) : tr("Answer");
    m_verdict->setText(m_answer.absent                      ? tr("Not in this document")
                           : m_answer.verdict == Verdict::Right ? tr("Right")
                           : m_answer.verdict == Verdict::Wrong ? tr("Wrong")
                                                                : plain);
    m_verdict->setToolTip(m_answer.verdict == Verdict::None ? tr("No needle is planted: nothing to compare with")
                                                            : tr("Against the planted needle"));
    m_expected->setText(tr("Expected: %1").arg(m_answer.expected));
    m_expected->setVisible(m_answer.verdict == Verdict::Wrong && !m_answer.expected.isEmpty());
}

void AnswerEvidence::showReading()
{
    const RowAnswerView& answer = shown();
    if (answer.row < 0 && answer.rowSegments > 0) {
        m_reading->setText(tr("Read from all rows together, a mixture of %1 segments; the readout is at distance %2 of the query's latent.")
                               .arg(number(answer.rowSegments), distanceText(answer.distance)));
        return;
    }
    if (answer.row < 0) {
        m_reading->setText(tr("No row was read: the memory is empty."));
        return;
    }
    QString line = tr("Read row %1 at distance %2, ").arg(link(QStringLiteral("row"), answer.row), distanceText(answer.distance));
    line += answer.rowSegments == 0 ? tr("which holds no segment")
        : answer.rowSegments == 1   ? tr("which holds one segment")
                                    : tr("shared by %1 segments").arg(number(answer.rowSegments));
    if (answer.segment >= 0)
        line += answer.rowSegments > 1 ? tr(" (the first is %1)").arg(link(QStringLiteral("segment"), answer.segment))
                                       : tr(" (%1)").arg(link(QStringLiteral("segment"), answer.segment));
    QStringList followed;
    for (qint64 row : answer.followed)
        followed << link(QStringLiteral("row"), row);
    if (!followed.isEmpty())
        line += tr(", and on into row %1").arg(followed.join(QStringLiteral(", ")));
    m_reading->setText(line + QLatin1Char('.') + marginText() + tieText());
}

/// How clearly the rows that were read stand out from the next nearest.
QString AnswerEvidence::marginText() const
{
    const auto& nearest = m_answer.nearest;
    const auto next = std::find_if(nearest.begin(), nearest.end(), [this](const Neighbour& n) { return !wasRead(n.row); });
    if (!m_answer.scored || next == nearest.end() || next == nearest.begin())
        return {};
    const double margin = scoreAt(double(std::prev(next)->distance)) - scoreAt(double(next->distance));
    return QLatin1Char(' ') + tr("Margin to the next row: %1.").arg(QLocale().toString(margin, 'f', 2));
}

bool AnswerEvidence::wasRead(qint64 row) const
{
    return std::any_of(m_answer.answers.begin(), m_answer.answers.end(), [row](const RowAnswerView& a) { return a.row == row; });
}

QString AnswerEvidence::tieText() const
{
    QStringList ties;
    for (qint64 row : m_answer.tied)
        if (row != shown().row)
            ties << link(QStringLiteral("row"), row);
    constexpr int kShown = 8;
    if (ties.isEmpty() || m_shown != 0)
        return {};
    return QLatin1Char(' ')
        + tr("Tied with %1%2: the lowest row is read.")
              .arg(ties.mid(0, kShown).join(QStringLiteral(", ")),
                   ties.size() > kShown ? tr(" and %1 more").arg(number(ties.size() - kShown)) : QString());
}

void AnswerEvidence::showKey()
{
    QString line = tr("Key: “%1”").arg(m_answer.keyText);
    if (m_answer.keyShorterThanP)
        line += QLatin1Char(' ') + tr("The query is shorter than P tokens, so it was encoded as it is.");
    m_key->setText(line);
    m_key->setVisible(!m_answer.keyText.isEmpty());
}

void AnswerEvidence::showMatches()
{
    QStringList words;
    for (const WordMatch& match : shown().matches) {
        const QString asked = QString::fromStdString(match.question), held = QString::fromStdString(match.segment);
        const QString pair = asked.compare(held, Qt::CaseInsensitive) == 0 ? held : tr("%1 → %2").arg(asked, held);
        words << tr("%1 (%2)").arg(pair, QLocale().toString(double(match.score), 'f', 2));
    }
    m_matches->setText(tr("Why this row: %1").arg(words.join(QStringLiteral(" · "))));
    m_matches->setVisible(!words.isEmpty());
}

void AnswerEvidence::showNearest()
{
    const int lines = int(std::min<std::size_t>(5, m_answer.nearest.size()));
    m_nearest->setRowCount(lines);
    for (int i = 0; i < lines; ++i) {
        const Neighbour& neighbour = m_answer.nearest[std::size_t(i)];
        const qint64 row = neighbour.row;
        auto* rank = new QTableWidgetItem(number(i + 1));
        auto* name = new QTableWidgetItem(number(row));
        name->setData(Qt::UserRole, row);
        auto* distance = new QTableWidgetItem(distanceText(double(neighbour.distance)));
        auto* score = new QTableWidgetItem(QLocale().toString(scoreAt(double(neighbour.distance)), 'f', 2));
        for (QTableWidgetItem* item : { rank, name, distance, score })
            item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        if (wasRead(row)) {
            QFont bold = font();
            bold.setBold(true);
            name->setFont(bold);
            name->setToolTip(tr("A row that was read"));
        }
        m_nearest->setItem(i, kRankColumn, rank);
        m_nearest->setItem(i, kRowColumn, name);
        m_nearest->setItem(i, kDistanceColumn, distance);
        m_nearest->setItem(i, kScoreColumn, score);
    }
    m_nearest->setColumnHidden(kScoreColumn, !m_answer.scored);
    const int height = m_nearest->horizontalHeader()->sizeHint().height()
        + std::max(1, lines) * m_nearest->verticalHeader()->defaultSectionSize() + 2 * m_nearest->frameWidth();
    m_nearest->setFixedHeight(height);
}

void AnswerEvidence::followLink(const QString& target)
{
    const qint64 index = target.section(QLatin1Char(':'), 1).toLongLong();
    if (target.startsWith(QLatin1String("row:")))
        Q_EMIT rowChosen(index);
    else
        Q_EMIT segmentChosen(index);
}

void AnswerEvidence::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    // Rich text keeps the link colour it was laid out with.
    if (event->type() == QEvent::PaletteChange && !m_answer.answers.empty()) {
        m_reading->clear();
        showReading();
    }
}

} // namespace hayloft
