// SPDX-License-Identifier: GPL-3.0-or-later
// A document panel on screen, a made-up document, and the panel's controls by their accessible names.
#pragma once

#include "tests/widgets/Controls.h"
#include "widgets/DocumentPanel.h"
#include "widgets/document/SegmentTextView.h"

#include <QLabel>
#include <QTest>

namespace hayloft::test {

/// n segments of 5 tokens, four to a paragraph; segment i is "Segment i tells of <word>."
inline DocumentView sample(int n, int needle = -1)
{
    auto text = std::make_shared<std::string>();
    auto segments = std::make_shared<std::vector<SegmentView>>();
    for (int i = 0; i < n; ++i) {
        const std::size_t begin = text->size();
        *text += "Segment " + std::to_string(i) + (i % 40 == 7 ? " tells of Amber" : " tells of the harbour");
        *text += i % 4 == 3 ? ".\n\n" : ". ";
        segments->push_back({begin, text->size(), 5, i, i % 6 == 5 ? 2 : 1, i == needle});
    }
    return {text, segments, n * 5, QStringLiteral("sample.txt"), {}};
}

class DocumentPanelFixture : public QObject {
protected:
    std::unique_ptr<DocumentPanel> m_panel;
    QWidget* margin() { return named(m_panel.get(), QStringLiteral("Needle depth")); }
    SegmentTextView* view() { return m_panel->findChild<SegmentTextView*>(); }
    QString label(const char* name) { return named<QLabel>(m_panel.get(), QString::fromLatin1(name))->text(); }
    void show(const DocumentView& document)
    {
        m_panel->setDocument(document);
        m_panel->resize(520, 640);
        m_panel->show();
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        view()->setFocus();
    }
};

} // namespace hayloft::test
