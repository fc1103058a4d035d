// SPDX-License-Identifier: GPL-3.0-or-later
// Key search over many blocks of keys, one by one and together, against plain loops.
#include "core/base/Random.h"
#include "core/memory/RowSearch.h"

#include <algorithm>
#include <QTest>

using namespace hayloft;

namespace {

Matrix normalMatrix(Index rows, Index columns, std::uint64_t seed)
{
    Random random(seed);
    Matrix m(rows, columns);
    for (Index i = 0; i < m.size(); ++i)
        m.data()[i] = static_cast<float>(random.normal());
    return m;
}

} // namespace

class TestRowSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithPlainLoops_data();
    void agreesWithPlainLoops();
};

void TestRowSearch::agreesWithPlainLoops_data()
{
    QTest::addColumn<int>("queries");
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("unused");
    for (const int queries : { 1, 5, 6, 40, 1100 })
        for (const int count : { 1, 4, 40 }) // 40: more than there are blocks
            for (const bool unused : { false, true })
                QTest::addRow("%d queries, %d rows%s", queries, count, unused ? ", some not in use" : "") << queries << count << unused;
}

void TestRowSearch::agreesWithPlainLoops()
{
    QFETCH(int, queries);
    QFETCH(int, count);
    QFETCH(bool, unused);
    Matrix keys = normalMatrix(3001, 24, 1);
    Matrix asked = normalMatrix(queries, 24, 2);
    keys.row(2900) = keys.row(17); // the same key in distant blocks
    keys.row(1500) = keys.row(17);
    keys(1500, 3) += 2e-5f; // within a tie
    asked.row(0) = keys.row(17);
    std::vector<char> use;
    if (unused) {
        use.assign(3001, 1);
        for (std::size_t i = 0; i < use.size(); i += 3)
            use[i] = 0;
        use[17] = 0;
    }
    const auto found = findNearest(keys, squaredNorms(keys), asked, count, use);
    QCOMPARE(found.size(), static_cast<std::size_t>(queries));
    for (Index q = 0; q < queries; ++q) {
        std::vector<double> plain, sorted;
        for (Index i = 0; i < keys.rows(); ++i)
            plain.push_back(use.empty() || use[static_cast<std::size_t>(i)] ? std::sqrt((keys.row(i).cast<double>() - asked.row(q).cast<double>()).squaredNorm()) : 1e9);
        sorted = plain;
        std::sort(sorted.begin(), sorted.end());
        const auto& rows = found[static_cast<std::size_t>(q)];
        const auto tied = static_cast<std::size_t>(std::count_if(plain.begin(), plain.end(), [&](double d) { return d <= sorted[0] + kTieDistance; }));
        QCOMPARE(rows.tied, tied);
        QCOMPARE(rows.rows.size(), std::max(tied, static_cast<std::size_t>(count)));
        // The lowest row of the first tie comes first.
        QCOMPARE(rows.rows[0].row, static_cast<Index>(std::find_if(plain.begin(), plain.end(), [&](double d) { return d <= sorted[0] + kTieDistance; }) - plain.begin()));
        for (std::size_t i = 0; i < rows.rows.size(); ++i) {
            const double own = plain[static_cast<std::size_t>(rows.rows[i].row)];
            QVERIFY(std::abs(static_cast<double>(rows.rows[i].distance) - own) < 1e-5);
            QVERIFY(std::abs(own - sorted[i]) < 2 * kTieDistance); // within a tie the order is by row
        }
    }
    // The planted tie: alone if only one of the three is in use.
    QCOMPARE(found[0].tied, std::size_t(unused ? 1 : 3));
}

QTEST_GUILESS_MAIN(TestRowSearch)
#include "tst_rowsearch.moc"
