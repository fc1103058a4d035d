// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and captions of run records say what was measured.
#include "RunRecordFixture.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

class TestRunRecordExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void captionSaysWhatWasMeasured()
    {
        const QString caption = QString::fromStdString(captionOf(makeRecord()));
        for (const char* part : { "larimar-mini", "12,345,678 parameters", "passkey, 4 digits", "whole keys", "4,096 rows",
                 "1,500 tokens", "repeated 1.3 times", "6 cells of 3 independent trials", "12/18 recalled",
                 "1/5 false answers", "Seed 18446744073709551615", "Hayloft 0.1.0, 2026-01-02." })
            QVERIFY2(caption.contains(part), part);
        // Wilson, 12 of 18, worked out by hand: centre .6374, half width .2000
        QVERIFY2(caption.contains("0.437 to 0.837"), qPrintable(caption));
        RunRecord empty;
        QVERIFY(!captionOf(empty).empty());
    }

    void csvHasOneQuotedRowPerCell()
    {
        RunRecord record = makeRecord();
        record.model.name = "a, \"b\"";
        record.result.cells[1].foundFirst = FoundCounts { .content = 3, .floor = 2, .bm25 = 1 };
        const QString csv = QString::fromStdString(toCsv(record));
        const QStringList lines = csv.split("\r\n");
        QCOMPARE(lines.size(), 1 + 6 + 1); // header, cells, nothing after the last line end
        QVERIFY(lines.last().isEmpty());
        QVERIFY(lines[0].startsWith("length_tokens,length_achieved,depth_percent,depth_achieved,trials,hits,recall,"));
        QVERIFY(lines[2].startsWith("1000,"));
        QVERIFY(lines[2].contains(",33.3,33.3,3,2,0.6666666667,"));
        QVERIFY(lines[2].contains(",0,1,0,")); // one row shared
        QVERIFY(lines[2].contains(",\"a, \"\"b\"\"\","));
        QVERIFY(lines[0].endsWith(",content_first,floor_first,bm25_first"));
        QVERIFY(lines[1].endsWith(",,,"));
        QVERIFY(lines[2].endsWith(",3,2,1"));
        QVERIFY(!QString(csv).remove("\r\n").contains('\n'));
    }

    void severalRunsShareOneCaptionAndOneTable()
    {
        RunRecord ruler = makeRecord();
        ruler.plan.task.kind = TaskKind::Ruler;
        ruler.plan.task.ruler = RulerTask::NiahMultikey2;
        ruler.result.haystack.source = "RULER needles";
        const auto first = std::make_shared<const RunRecord>(makeRecord()), second = std::make_shared<const RunRecord>(ruler);
        QCOMPARE(captionOf(std::vector { first }), captionOf(*first));
        QCOMPARE(captionOf(std::vector<std::shared_ptr<const RunRecord>> {}), std::string());
        const QString caption = QString::fromStdString(captionOf(std::vector { first, second }));
        // Once for all what they share, and of each what tells it apart.
        for (const char* once : { "larimar-mini (", "whole keys, fixed key memory", "independent trials a cell", "haystack: RULER needles",
                                  "passkey, 4 digits: 12/18 (", "RULER niah_multikey_2: 12/18 (", "Hayloft 0.1.0, 2026-01-02." })
            QVERIFY2(caption.count(QLatin1String(once)) == 1, qPrintable(QLatin1String(once) + " in: " + caption));
        QVERIFY(caption.endsWith("2026-01-02."));
        const std::string csv = toCsv(std::vector { first, second });
        QCOMPARE(csv, toCsv(*first) + toCsv(*second).substr(toCsv(*second).find("\r\n") + 2));
    }
};

QTEST_GUILESS_MAIN(TestRunRecordExport)
#include "tst_runrecordexport.moc"
