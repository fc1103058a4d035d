// SPDX-License-Identifier: GPL-3.0-or-later
// A read-only text in a window of its own: shortcuts, model card, About.
#pragma once

#include <QDialog>

class QTextBrowser;

namespace hayloft {

class InfoDialog : public QDialog {
    Q_OBJECT
public:
    enum class Format { Plain, Markdown, Html };

    InfoDialog(const QString& title, const QString& text, Format format, QWidget* parent = nullptr);

    /// What Copy puts on the clipboard (default: the text as it is shown).
    void setCopyText(const QString& text) { m_copyText = text; }
    void copy() const;

private:
    QTextBrowser* m_browser = nullptr;
    QString m_copyText;
};

} // namespace hayloft
