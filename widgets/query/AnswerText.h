// SPDX-License-Identifier: GPL-3.0-or-later
// The answer's tokens, tinted by probability.
#pragma once

#include "widgets/QueryPanel.h"

#include <QTextEdit>

namespace hayloft {

/// Background of a token of the given probability: blue when sure, towards orange when not, readable under the
/// palette's text colour.
QColor probabilityTint(double probability, const QPalette& palette);

class AnswerText : public QTextEdit {
    Q_OBJECT
public:
    explicit AnswerText(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    void setTokens(const std::vector<AnswerToken>& tokens);

Q_SIGNALS:
    void tokenPointed(const QString& description); ///< by the text cursor; empty when on none

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showTokens();
    std::vector<AnswerToken> m_tokens;
};

/// A strip that shows the tint from 0 to 100%.
class ProbabilityLegend : public QWidget {
    Q_OBJECT
public:
    explicit ProbabilityLegend(QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace hayloft
