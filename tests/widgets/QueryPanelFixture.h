// SPDX-License-Identifier: GPL-3.0-or-later
// A query panel on screen, made-up answers, and the panel's controls by their accessible names.
#pragma once

#include "tests/widgets/FakeRun.h"
#include "widgets/QueryPanel.h"

#include <QLabel>
#include <QTest>

namespace hayloft::test {

inline AnswerView someAnswer()
{
    AnswerView answer;
    RowAnswerView row;
    row.tokens = { { "The", 1.0 }, { " pass", 0.99 }, { " key", 0.4 }, { " is", 0.9 }, { " 44", 0.8 }, { "71", 0.25 } };
    answer.query = answer.keyText = "The pass key is";
    row.row = 5204;
    row.distance = 0.25;
    row.rowSegments = 2;
    row.segment = 812;
    answer.answers = { row };
    answer.nearest = { { 5204, 0.25f }, { 88, 1.31f }, { 4107, 1.34f }, { 17, 1.4f }, { 2, 1.5f }, { 3, 1.6f } };
    answer.tied = { 5204, 6100 };
    answer.verdict = Verdict::Right;
    answer.expected = "4471";
    answer.milliseconds = 12.4;
    return answer;
}

inline AnswerView twoAnswers()
{
    AnswerView answer = someAnswer();
    answer.verdict = Verdict::None;
    answer.scored = true;
    answer.nearest = { { 5204, 0.5f }, { 88, 0.6f }, { 4107, 1.2f } };
    answer.tied = { 5204 };
    answer.answers[0].distance = 0.5;
    answer.answers[0].depth = 12.25;
    RowAnswerView second;
    second.tokens = { { "Another", 1.0 }, { " key", 0.9 }, { " is", 0.9 }, { " 88", 0.8 } };
    second.part = "and the other key?";
    second.row = 88;
    second.distance = 0.6;
    second.rowSegments = 1;
    second.segment = 90;
    second.depth = 1.5;
    second.followed = { 89 };
    answer.answers.push_back(second);
    return answer;
}

class QueryPanelFixture : public QObject {
protected:
    std::unique_ptr<QueryPanel> m_panel;
    template <typename Widget>
    Widget* control(const char* name) const
    {
        Widget* widget = named<Widget>(m_panel.get(), QString::fromUtf8(name));
        if (!widget)
            qFatal("no control named %s", name);
        return widget;
    }
    QString label(const char* name) const { return control<QLabel>(name)->text(); }
    void showPanel()
    {
        m_panel = std::make_unique<QueryPanel>();
        m_panel->resize(420, 520);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_panel->activateWindow();
    }
};

} // namespace hayloft::test
