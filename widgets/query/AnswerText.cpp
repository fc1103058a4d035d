// SPDX-License-Identifier: GPL-3.0-or-later
// The answer's tokens, tinted by probability.
#include "widgets/query/AnswerText.h"

#include <QEvent>
#include <QLocale>
#include <QPainter>
#include <QTextBlock>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hayloft {

namespace {

constexpr int kLeastLines = 2, kMostLines = 8;

QColor mix(const QColor& a, const QColor& b, double t)
{
    const auto channel = [t](float x, float y) { return float(x + (y - x) * t); };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()), channel(a.blueF(), b.blueF()));
}

/// Shows what a token hides: a line end or nothing at all.
QString visible(const QString& token)
{
    QString shown = token;
    shown.replace(QLatin1Char('\n'), QStringLiteral("⏎"));
    return shown;
}

} // namespace

QColor probabilityTint(double probability, const QPalette& palette)
{
    const QColor sure(0x00, 0x72, 0xB2), unsure(0xE6, 0x7A, 0x00); // Okabe and Ito's blue and an orange: safe for all eyes
    const double p = std::clamp(probability, 0.0, 1.0);
    const double strength = 0.20 + 0.35 * (1 - p);
    return mix(palette.color(QPalette::Base), mix(unsure, sure, p), strength);
}

AnswerText::AnswerText(QWidget* parent)
    : QTextEdit(parent)
{
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    setAccessibleName(tr("Answer"));
    setToolTip(tr("Decoded from the row that was read; each token is tinted by its probability"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.15);
    setFont(large);
    connect(this, &QTextEdit::cursorPositionChanged, this,
            [this] { Q_EMIT tokenPointed(textCursor().charFormat().toolTip()); });
}

/// As high as the answer, which is one segment long, so that it needs no scroll bar inside a panel that has one.
QSize AnswerText::sizeHint() const
{
    const int line = fontMetrics().lineSpacing(), frame = 2 * (frameWidth() + int(document()->documentMargin()));
    const int text = int(std::ceil(document()->size().height())) + 2 * frameWidth();
    return { 200, std::clamp(text, line * kLeastLines + frame, line * kMostLines + frame) + 2 };
}

void AnswerText::resizeEvent(QResizeEvent* event)
{
    QTextEdit::resizeEvent(event);
    // Another width breaks the lines elsewhere.
    if (event->size().width() != event->oldSize().width())
        updateGeometry();
}

void AnswerText::setTokens(const std::vector<AnswerToken>& tokens)
{
    m_tokens = tokens;
    showTokens();
}

void AnswerText::showTokens()
{
    clear();
    QTextCursor cursor(document());
    bool first = true;
    for (const AnswerToken& token : m_tokens) {
        QTextCharFormat format;
        format.setBackground(probabilityTint(token.probability, palette()));
        format.setForeground(palette().color(QPalette::Text));
        format.setToolTip(tr("“%1”: probability %2").arg(visible(token.text), QLocale().toString(token.probability, 'f', 3)));
        // Not by colour alone: what the model guessed is also underlined.
        if (token.probability < 0.5)
            format.setUnderlineStyle(QTextCharFormat::DotLine);
        // A tokenizer's leading space would stand as an indent.
        const bool space = std::exchange(first, false) && token.text.startsWith(QLatin1Char(' '));
        cursor.insertText(space ? token.text.sliced(1) : token.text, format);
    }
    moveCursor(QTextCursor::Start);
    updateGeometry();
}

void AnswerText::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showTokens();
}

ProbabilityLegend::ProbabilityLegend(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Colours of token probability, 0 to 100%"));
    setToolTip(tr("Background of each token by its probability"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize ProbabilityLegend::sizeHint() const
{
    const int em = fontMetrics().height();
    return { fontMetrics().horizontalAdvance(QStringLiteral("0100%")) + em * 4, em };
}

void ProbabilityLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QFont small = font();
    const QFontMetrics metrics(small);
    painter.setPen(palette().color(QPalette::WindowText));
    const int left = metrics.horizontalAdvance(QStringLiteral("0 "));
    const int right = width() - metrics.horizontalAdvance(QStringLiteral(" 100%"));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("0"));
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("100%"));
    for (int x = left; x < right; ++x)
        painter.fillRect(x, 2, 1, height() - 4, probabilityTint(double(x - left) / std::max(1, right - left - 1), palette()));
}

} // namespace hayloft
