// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows several queries read together.
#include "core/recall/RowChoice.h"

#include <QTest>

using namespace hayloft;

class TestRowChoice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// "The keys of the attic and of the barn": the attic's query comes near the barn's row too, and must not keep it.
    void aRowGoesToTheQueryThatItIsNearestTo()
    {
        std::vector<ChosenRow> chosen;
        addRows(chosen, { { 4, 0.5f }, { 9, 0.9f }, { 7, 1.0f } }, 0);
        addRows(chosen, { { 9, 0.6f }, { 4, 0.8f }, { 7, 1.0f }, { 2, 1.1f } }, 1);
        QCOMPARE(said(chosen), QString("4@0 7@0 9@1 2@1"));
    }

    void theNearestRowStaysWithItsQuery()
    {
        std::vector<ChosenRow> chosen;
        addRows(chosen, { { 4, 0.3f }, { 9, 0.5f } }, 0);
        addRows(chosen, { { 9, 0.6f }, { 4, 0.7f } }, 1); // 9 is nearer to the first, which has a nearer one
        addRows(chosen, { { 2, 0.1f }, { 9, 0.2f } }, 2);
        QCOMPARE(said(chosen), QString("4@0 9@1 2@2"));
    }

    void ownRowsStayInOrder()
    {
        std::vector<ChosenRow> chosen;
        addRows(chosen, { { 5, 0.2f }, { 1, 0.3f }, { 3, 0.3f } }, 0);
        addRows(chosen, {}, 1);
        addRows(chosen, { { 8, 0.1f } }, 2);
        QCOMPARE(said(chosen), QString("5@0 1@0 3@0 8@2"));
    }

    /// One of two things is not in the document: its nearest row is the other's.
    void nothingMayBeLeftOfAQuery()
    {
        std::vector<ChosenRow> chosen;
        addRows(chosen, { { 6, 0.9f } }, 0);
        addRows(chosen, { { 6, 0.4f } }, 1);
        QCOMPARE(said(chosen), QString("6@1"));
    }

private:
    static QString said(const std::vector<ChosenRow>& chosen)
    {
        QStringList parts;
        for (const ChosenRow& row : chosen)
            parts << QString("%1@%2").arg(row.nearest.row).arg(row.query);
        return parts.join(' ');
    }
};

QTEST_APPLESS_MAIN(TestRowChoice)
#include "tst_rowchoice.moc"
