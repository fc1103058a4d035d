// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the read-only text window.
#include "app/workbench/InfoDialog.h"

#include "app/workbench/Icons.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextDocument>
#include <QVBoxLayout>
#include <algorithm>
#include <memory>

namespace hayloft {

namespace {

constexpr int kTextWidth = 600, kMaxHeight = 600;

} // namespace

InfoDialog::InfoDialog(const QString& title, const QString& text, Format format, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    m_browser = new QTextBrowser(this);
    m_browser->setAccessibleName(title);
    m_browser->setOpenExternalLinks(true);
    m_browser->document()->setDocumentMargin(12);
    switch (format) {
    case Format::Plain: m_browser->setPlainText(text); break;
    case Format::Markdown: m_browser->setMarkdown(text); break;
    case Format::Html: m_browser->setHtml(text); break;
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* copyButton = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    copyButton->setAccessibleName(tr("Copy text"));
    copyButton->setIcon(themedIcon(QStringLiteral("copy")));
    copyButton->setToolTip(tr("Copy this text to the clipboard"));
    connect(copyButton, &QPushButton::clicked, this, &InfoDialog::copy);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_browser);
    layout->addWidget(buttons);
    copyButton->setAutoDefault(false);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    // As high as the text needs, up to a page.
    const std::unique_ptr<QTextDocument> measured(m_browser->document()->clone());
    measured->setTextWidth(kTextWidth);
    resize(kTextWidth + 40, std::min(kMaxHeight, static_cast<int>(measured->size().height()) + 90));
}

void InfoDialog::copy() const
{
    QGuiApplication::clipboard()->setText(m_copyText.isEmpty() ? m_browser->toPlainText() : m_copyText);
}

} // namespace hayloft
