// SPDX-License-Identifier: GPL-3.0-or-later
// One row: its segments, what it decodes to, its latent and the experiment.
#include "widgets/memory/RowDetailView.h"

#include "widgets/LatentStrip.h"
#include "widgets/PanelColours.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>

namespace hayloft {

RowDetailView::RowDetailView(QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 6, 8, 8);
    column->setSpacing(4);
    auto* top = new QHBoxLayout;
    top->setSpacing(8);
    m_title = new QLabel;
    m_title->setAccessibleName(tr("Chosen row"));
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    top->addWidget(m_title, 1);
    m_state = new QLabel;
    m_state->setAccessibleName(tr("Decoding state"));
    top->addWidget(m_state);
    column->addLayout(top);
    m_texts = new QGridLayout;
    m_texts->setHorizontalSpacing(8);
    m_texts->setVerticalSpacing(4);
    m_texts->setColumnStretch(1, 1);
    column->addLayout(m_texts);
    m_segments = addText(tr("Written"), tr("Segments on the row"));
    m_decoded = addText(tr("Decodes to"), tr("Decoded text"));
    m_latent = new LatentStrip;
    column->addSpacing(2);
    column->addWidget(m_latent);
    column->addSpacing(2);
    m_experiment = new ExperimentControls;
    column->addWidget(m_experiment);
    column->addStretch(1);
    connect(m_experiment, &ExperimentControls::experimentChanged, this, &RowDetailView::experimentChanged);
    connect(m_experiment, &ExperimentControls::edited, this, [this] {
        m_pending = true;
        render();
    });
    clear();
}

QLabel* RowDetailView::addText(const QString& heading, const QString& name)
{
    const int line = m_texts->rowCount();
    auto* title = new QLabel(heading);
    title->setForegroundRole(QPalette::PlaceholderText);
    m_texts->addWidget(title, line, 0, Qt::AlignTop);
    auto* label = new QLabel;
    label->setWordWrap(true);
    label->setAccessibleName(name);
    label->setTextFormat(Qt::RichText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_texts->addWidget(label, line, 1, Qt::AlignTop);
    return label;
}

void RowDetailView::clear() { setDetail({}, 0, 0); }

void RowDetailView::setDetail(const RowDetail& detail, qint64 count, qint64 totalRows)
{
    m_detail = detail;
    m_count = std::max(count, static_cast<qint64>(detail.segments.size()));
    m_pending = false;
    m_experiment->setRow(detail.row, totalRows);
    m_latent->setLatent(detail.latent);
    render();
}

QString RowDetailView::html(const std::vector<DiffWord>& words, const QColor& mark) const
{
    QString text;
    for (const DiffWord& word : words) {
        const QString plain = word.word.toHtmlEscaped();
        text += word.space.isEmpty() ? QString() : QStringLiteral(" ");
        // Underlined as well: colour alone would not reach everyone.
        text += word.changed ? QStringLiteral("<span style='background-color:%1; text-decoration:underline'>%2</span>").arg(mark.name(), plain)
                             : plain;
    }
    return text;
}

void RowDetailView::render()
{
    const QLocale locale;
    if (m_detail.row < 0) {
        m_title->setText(tr("Choose a row to see what it holds"));
        m_state->clear();
        m_segments->setText(QStringLiteral("\u2013"));
        m_decoded->setText(QStringLiteral("\u2013"));
        return;
    }
    const QString segments = m_count == 0 ? tr("empty") : m_count == 1 ? tr("1 segment") : tr("%1 segments").arg(locale.toString(m_count));
    m_title->setText(tr("<b>Row %1</b> \u00b7 norm %2 \u00b7 %3")
                         .arg(locale.toString(m_detail.row), locale.toString(m_detail.norm, 'f', 2), segments));
    renderTexts();
}

void RowDetailView::renderTexts()
{
    const PanelColours colours = panelColours(palette());
    const bool decoding = m_pending || !m_detail.decodedIsCurrent;
    // The decoded text is set against the segment that it is most like: a shared row holds the mean of several.
    WordDiff best;
    qsizetype nearest = -1;
    for (qsizetype i = 0; i < m_detail.segmentTexts.size() && !m_detail.decoded.isEmpty(); ++i) {
        WordDiff diff = diffWords(m_detail.segmentTexts[i], m_detail.decoded);
        if (nearest < 0 || diff.changes < best.changes) {
            best = std::move(diff);
            nearest = i;
        }
    }
    QStringList lines;
    for (qsizetype i = 0; i < m_detail.segmentTexts.size(); ++i) {
        const auto index = static_cast<std::size_t>(i);
        const QString number = index < m_detail.segments.size() ? QLocale().toString(m_detail.segments[index]) : QString();
        const QString text = i == nearest ? html(best.before, colours.removed) : m_detail.segmentTexts[i].simplified().toHtmlEscaped();
        lines << QStringLiteral("<span style='color:%1'>%2</span>&nbsp; %3").arg(colours.faint.name(), number, text);
    }
    if (m_count > m_detail.segmentTexts.size() && !lines.isEmpty())
        lines << tr("and %1 more").arg(QLocale().toString(m_count - m_detail.segmentTexts.size()));
    m_segments->setText(lines.isEmpty() ? QStringLiteral("\u2013") : lines.join(QStringLiteral("<br>")));
    QString decoded = nearest >= 0 ? html(best.after, colours.added) : m_detail.decoded.simplified().toHtmlEscaped();
    if (decoded.isEmpty())
        decoded = decoding ? QStringLiteral("\u2026") : QStringLiteral("\u2013");
    m_decoded->setText(decoding ? QStringLiteral("<span style='color:%1'>%2</span>").arg(colours.faint.name(), decoded) : decoded);
    QString state;
    if (decoding)
        state = tr("decoding\u2026");
    else if (nearest >= 0)
        state = best.changes == 0 ? tr("\u2713 same text") : best.changes == 1 ? tr("1 word differs") : tr("%1 words differ").arg(best.changes);
    m_state->setText(m_experiment->changed() ? tr("changed row: %1").arg(state) : state);
}

void RowDetailView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        render();
    QWidget::changeEvent(event);
}

} // namespace hayloft
