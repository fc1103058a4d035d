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
#include <QTextFrame>
#include <QTextTable>
#include <QVBoxLayout>
#include <algorithm>
#include <memory>

namespace hayloft {

namespace {

constexpr int kTextWidth = 600, kMaxHeight = 600;
constexpr int kCellPadding = 4, kTableMargin = 8;

bool isRowEmpty(const QTextTable& table, int row)
{
    for (int column = 0; column < table.columns(); ++column) {
        const QTextTableCell cell = table.cellAt(row, column);
        if (cell.firstCursorPosition() != cell.lastCursorPosition())
            return false;
    }
    return true;
}

/// Markdown's tables come with double lines, no room and, where the source names no columns, an empty row above.
void tidyTables(QTextDocument& document, const QColor& line)
{
    for (QTextFrame* frame : document.rootFrame()->childFrames()) {
        auto* table = qobject_cast<QTextTable*>(frame);
        if (!table)
            continue;
        QTextTableFormat format = table->format();
        format.setBorderCollapse(true);
        format.setBorder(1);
        format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        format.setBorderBrush(line);
        format.setCellSpacing(0);
        format.setCellPadding(kCellPadding);
        format.setTopMargin(kTableMargin);
        format.setBottomMargin(kTableMargin);
        table->setFormat(format);
        if (table->rows() > 1 && isRowEmpty(*table, 0))
            table->removeRows(0, 1);
    }
}

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
    case Format::Markdown:
        m_browser->setMarkdown(text);
        tidyTables(*m_browser->document(), palette().color(QPalette::Mid));
        break;
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
