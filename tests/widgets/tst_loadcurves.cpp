// SPDX-License-Identifier: GPL-3.0-or-later
// The curves in one chart by load: what an update shows, shares and costs.
#include "tests/widgets/FakeLoads.h"
#include "widgets/recall/LoadCurves.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace hayloft;
using namespace hayloft::test;

class TestLoadCurves : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyUpdateShowsWhatTheRecordsSay()
    {
        LoadCurves curves;
        const LoadRecord whole = fakeLoads();
        const auto agrees = [&curves] { return isOf(curves.figure(), curves.records()); };
        curves.open({ "/a.json", shared(fakeLoads(Addressing::PseudoInverse)) });
        QVERIFY(agrees());
        curves.begin(whole.runs.front().run.plan, { 0.5, 1, 2 });
        QVERIFY(agrees());
        for (const LoadRun& point : whole.runs) {
            curves.add(point);
            QVERIFY(agrees());
        }
        QCOMPARE(curves.figure().curves[1].points.size(), std::size_t(3));
        curves.open({ "/a.json", shared(fakeLoads()) }); // another record in its place, while one runs
        QVERIFY(agrees());
        QCOMPARE(curves.figure().curves[0].points[2].hits, 7);
        LoadRecord better = whole;
        better.runs[1] = fakeLoad(1.0, 17);
        curves.finish({ "/b.json", shared(better) });
        QVERIFY(agrees());
        QCOMPARE(curves.figure().curves[1].points[1].hits, 17);
        curves.remove(0);
        QVERIFY(agrees());
        QCOMPARE(curves.paths(), QStringList { "/b.json" });
        QCOMPARE(curves.lines()[0].detail, QStringLiteral("loads 0.5 to 2 · 42/60 hits · passkey"));
        curves.clear();
        QVERIFY(agrees() && curves.records().empty());
    }

    void recordsAreSharedButForOneThatGrows()
    {
        LoadCurves curves;
        const auto record = shared(fakeLoads(Addressing::PseudoInverse));
        curves.open({ "/a.json", record });
        curves.begin(fakeLoads().runs.front().run.plan, { 0.5, 1 });
        curves.add(fakeLoads().runs[0]);
        const LoadRecords before = curves.records();
        QCOMPARE(before[0], record);
        curves.add(fakeLoads().runs[1]);
        QCOMPARE(before[1]->runs.size(), std::size_t(1)); // someone may be writing it to a file
        QCOMPARE(curves.records()[1]->runs.size(), std::size_t(2));
        curves.end();
        QCOMPARE(curves.records()[1], curves.records()[1]);
    }

    void anUpdateCostsItsOwnCurve()
    {
        LoadRecord large = fakeLoads();
        for (LoadRun& point : large.runs) {
            Cell& cell = point.run.result.cells.front();
            cell.samples.resize(4000, cell.samples.front());
        }
        LoadCurves curves;
        const auto record = shared(large);
        for (int i = 0; i < 40; ++i)
            curves.open({ QStringLiteral("/%1.json").arg(i), record });
        const LoadRecords records = curves.records();
        const qint64 all = leastTime([&] { loadFigureOf(records); });
        curves.begin(fakeLoads().runs.front().run.plan, { 0.5 });
        const qint64 one = leastTime([&] { curves.add(fakeLoads().runs.front()); });
        qInfo("one point beside 40 curves: %.2f ms; all counted anew: %.2f ms", double(one) / 1e6, double(all) / 1e6);
        QVERIFY2(one < all / 5, qPrintable(QStringLiteral("%1 ns, all %2 ns").arg(one).arg(all)));
    }

private:
    static std::shared_ptr<const LoadRecord> shared(const LoadRecord& record) { return std::make_shared<const LoadRecord>(record); }

    /// Whether the figure is the one that is made of the records from the start.
    static bool isOf(const LoadFigure& figure, const LoadRecords& records)
    {
        const LoadFigure wanted = loadFigureOf(records);
        const auto same = [](const LoadCurvePoint& a, const LoadCurvePoint& b) {
            return a.load == b.load && a.hits == b.hits && a.trials == b.trials && a.ci95.low == b.ci95.low && a.ci95.high == b.ci95.high
                && a.segments == b.segments && a.rows == b.rows;
        };
        bool equal = figure.title == wanted.title && figure.caption == wanted.caption && figure.curves.size() == wanted.curves.size();
        for (std::size_t i = 0; equal && i < figure.curves.size(); ++i) {
            const auto& points = figure.curves[i].points;
            const auto& others = wanted.curves[i].points;
            equal = figure.curves[i].title == wanted.curves[i].title && std::equal(points.begin(), points.end(), others.begin(), others.end(), same);
        }
        return equal;
    }

    template <typename Work>
    static qint64 leastTime(const Work& work)
    {
        qint64 least = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer clock;
            clock.start();
            work();
            least = std::min(least, clock.nsecsElapsed());
        }
        return least;
    }
};

QTEST_MAIN(TestLoadCurves)
#include "tst_loadcurves.moc"
