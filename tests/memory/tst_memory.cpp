// SPDX-License-Identifier: GPL-3.0-or-later
// The memory against plain loops: means, exact removal, ties, key rows.
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/Memory.h"
#include "tests/support/ToyModel.h"

#include <QTest>
#include <algorithm>
#include <set>

using namespace hayloft;

namespace {

Matrix randomMatrix(Index rows, Index columns, std::uint64_t seed)
{
    Random random(seed);
    Matrix m(rows, columns);
    for (Index i = 0; i < m.size(); ++i)
        m.data()[i] = static_cast<float>(random.normal());
    return m;
}

/// All distances by a plain loop.
std::vector<double> plainDistances(const Matrix& keys, const RowVector& query)
{
    std::vector<double> distances;
    for (Index i = 0; i < keys.rows(); ++i)
        distances.push_back(std::sqrt((keys.row(i).cast<double>() - query.cast<double>()).squaredNorm()));
    return distances;
}

} // namespace

class TestMemory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nearestRowsAgreeWithPlainLoops();
    void nearestRowsFindSmallDifferences();
    void tiesGoToTheLowestRow();
    void unusedRowsAreLeftOut();
    void growingReadsBackEverySegment();
    void fixedRowsAreMeans();
    void erasingIsExact();
    void freedRowsAreReusedAndNeverRead();
    void anEmptiedMemoryIsLikeANewOne();
    void emptyRowsReadAsZero();
    void singleAndBatchWritesAgree();
    void keyRowsAreDrawnFromTheStatistics();
    void theOrderOfSegmentsIsKept();
    void badInputIsRefused();
};

void TestMemory::nearestRowsAgreeWithPlainLoops()
{
    for (Index queries : {1, 7}) {
        const Matrix keys = randomMatrix(500, 96, 1), q = randomMatrix(queries, 96, 2);
        const auto found = nearestRows(keys, q, 6);
        QCOMPARE(found.size(), std::size_t(queries));
        for (Index i = 0; i < queries; ++i) {
            const auto plain = plainDistances(keys, q.row(i));
            std::vector<Index> order(500);
            for (Index k = 0; k < 500; ++k)
                order[std::size_t(k)] = k;
            std::sort(order.begin(), order.end(), [&](Index a, Index b) { return plain[std::size_t(a)] < plain[std::size_t(b)]; });
            QCOMPARE(found[std::size_t(i)].size(), std::size_t(6));
            for (std::size_t k = 0; k < 6; ++k) {
                QCOMPARE(found[std::size_t(i)][k].row, order[k]);
                QVERIFY(std::abs(found[std::size_t(i)][k].distance - plain[std::size_t(order[k])]) < 1e-5);
            }
        }
    }
    QCOMPARE(nearestRows(randomMatrix(3, 8, 1), randomMatrix(1, 8, 2), 10).front().size(), std::size_t(3));
    QVERIFY(nearestRows(Matrix(0, 8), randomMatrix(1, 8, 2), 3).front().empty());
}

// The norm trick loses small distances between long vectors; the exact pass must find them again.
void TestMemory::nearestRowsFindSmallDifferences()
{
    const Matrix base = randomMatrix(1, 768, 3);
    Matrix keys = base.replicate(40, 1);
    for (Index i = 0; i < 40; ++i)
        keys(i, i) += 0.01f * static_cast<float>(40 - i); // row 39 is nearest, at 0.01
    for (Index queries : {1, 3}) {
        const auto found = nearestRows(keys, base.replicate(queries, 1), 3).back();
        QCOMPARE(found[0].row, Index(39));
        QCOMPARE(found[1].row, Index(38));
        QCOMPARE(found[2].row, Index(37));
        QVERIFY(std::abs(found[0].distance - 0.01f) < 1e-5f);
    }
}

void TestMemory::tiesGoToTheLowestRow()
{
    Memory memory = Memory::growing(64);
    const Matrix keys = randomMatrix(30, 64, 4), latents = randomMatrix(30, 64, 5);
    Matrix repeated(90, 64), written(90, 64);
    for (Index i = 0; i < 90; ++i) {
        repeated.row(i) = keys.row(i % 30);
        repeated(i, 0) += 1e-5f * static_cast<float>(2 - i / 30); // the last copy is nearest, by less than a tie
        written.row(i) = latents.row(i % 30);
    }
    memory.writeAll(repeated, written);
    for (const auto& reading : memory.read(keys, 4)) {
        QCOMPARE(reading.tied.size(), std::size_t(3));
        QCOMPARE(reading.row, reading.tied.front());
        QVERIFY(reading.row < 30);
        QCOMPARE(reading.tied[1], reading.row + 30);
        QCOMPARE(reading.runnersUp.size(), std::size_t(4));
        QCOMPARE(reading.runnersUp[0].row, reading.row + 30);
        QCOMPARE(reading.runnersUp[1].row, reading.row + 60);
        QVERIFY(reading.runnersUp[2].distance > 1);
    }
    // All tied rows are reported, however few runners-up are asked for.
    QCOMPARE(memory.read(keys.topRows(1), 0).front().tied.size(), std::size_t(3));
    QVERIFY(memory.read(keys.topRows(1), 0).front().runnersUp.empty());
}

void TestMemory::unusedRowsAreLeftOut()
{
    const Matrix keys = randomMatrix(50, 32, 6);
    std::vector<char> use(50, 1);
    const auto all = nearestRows(keys, keys.topRows(1), 3).front();
    use[0] = 0;
    use[std::size_t(all[1].row)] = 0;
    const auto found = nearestRows(keys, keys.topRows(1), 3, use).front();
    QCOMPARE(found.front().row, all[2].row);
    use.assign(50, 0);
    QVERIFY(nearestRows(keys, keys.topRows(1), 3, use).front().empty());
}

void TestMemory::growingReadsBackEverySegment()
{
    const Matrix keys = randomMatrix(300, 64, 7), latents = randomMatrix(300, 64, 8);
    Memory memory = Memory::growing(64);
    const auto rows = memory.writeAll(keys, latents);
    QCOMPARE(memory.rows(), Index(300));
    const auto readings = memory.read(keys);
    for (Index i = 0; i < 300; ++i) {
        QCOMPARE(rows[std::size_t(i)], i);
        QCOMPARE(readings[std::size_t(i)].row, i);
        QCOMPARE(readings[std::size_t(i)].rowSegments, Index(1));
        QCOMPARE(readings[std::size_t(i)].latent, RowVector(latents.row(i)));
    }
    QCOMPARE(Memory::growing(64).read(keys.topRows(1)).front().row, Index(-1));
}

void TestMemory::fixedRowsAreMeans()
{
    const Matrix keyRows = randomMatrix(8, 64, 9), keys = randomMatrix(200, 64, 10), latents = randomMatrix(200, 64, 11);
    Memory memory = Memory::fixed(keyRows);
    const auto rows = memory.writeAll(keys, latents);
    for (Index row = 0; row < 8; ++row) {
        Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(64);
        Index count = 0;
        for (Index i = 0; i < 200; ++i) {
            const auto plain = plainDistances(keyRows, keys.row(i));
            if (std::min_element(plain.begin(), plain.end()) - plain.begin() != row)
                continue;
            QCOMPARE(rows[std::size_t(i)], row);
            mean += latents.row(i).cast<double>();
            ++count;
        }
        QCOMPARE(memory.count(row), count);
        QVERIFY((memory.row(row).cast<double>() * double(count) - mean).cwiseAbs().maxCoeff() < 1e-4);
        QVERIFY(std::abs(memory.rowNorm(row) - float((mean / double(count)).norm())) < 1e-5f);
    }
    QCOMPARE(memory.segments(), Index(200));
}

// A needle moved a thousand times leaves the memory as it was, bit for bit.
void TestMemory::erasingIsExact()
{
    const Matrix keyRows = randomMatrix(4, 64, 12), keys = randomMatrix(101, 64, 13), latents = randomMatrix(101, 64, 14);
    Memory memory = Memory::fixed(keyRows);
    memory.writeAll(keys.topRows(100), latents.topRows(100));
    const Matrix before = memory.matrix();
    for (int i = 0; i < 1000; ++i) {
        const Index row = memory.write(keys.row(100), latents.row(100));
        QVERIFY(memory.row(row) != before.row(row));
        memory.erase(row, latents.row(100));
    }
    QCOMPARE(Matrix(memory.matrix()), before);
    // Down to one segment and to none.
    Memory small = Memory::fixed(keyRows.topRows(1));
    small.write(keys.row(0), latents.row(0));
    small.write(keys.row(1), latents.row(1));
    small.erase(0, latents.row(0));
    QCOMPARE(RowVector(small.row(0)), RowVector(latents.row(1)));
    small.erase(0, latents.row(1));
    QCOMPARE(small.rowNorm(0), 0.0f);
    QCOMPARE(small.segments(), Index(0));
    QVERIFY_EXCEPTION_THROWN(small.erase(0, latents.row(1)), Error);
}

void TestMemory::freedRowsAreReusedAndNeverRead()
{
    const Matrix keys = randomMatrix(10, 64, 15), latents = randomMatrix(10, 64, 16);
    Memory memory = Memory::growing(64);
    memory.writeAll(keys, latents);
    memory.erase(4, latents.row(4));
    QCOMPARE(memory.rowNorm(4), 0.0f);
    const auto reading = memory.read(keys.row(4), 9).front();
    QVERIFY(reading.row != 4);
    QVERIFY(std::none_of(reading.runnersUp.begin(), reading.runnersUp.end(), [](const Neighbour& n) { return n.row == 4; }));
    QCOMPARE(memory.write(keys.row(4), latents.row(4)), Index(4));
    QCOMPARE(memory.rows(), Index(10));
    QCOMPARE(memory.read(keys.row(4)).front().row, Index(4));
}

void TestMemory::anEmptiedMemoryIsLikeANewOne()
{
    const Matrix keys = randomMatrix(20, 8, 31), latents = randomMatrix(20, 8, 32);
    Memory emptied = Memory::growing(8), fresh = Memory::growing(8);
    emptied.writeAll(latents, keys);
    emptied.erase(3, keys.row(3));
    emptied.write(latents.row(0), keys.row(1));
    emptied.clear();
    QCOMPARE(emptied.rows(), Index(0));
    QCOMPARE(emptied.segments(), Index(0));
    QCOMPARE(emptied.writeAll(keys, latents), fresh.writeAll(keys, latents));
    QCOMPARE(Matrix(emptied.matrix()), Matrix(fresh.matrix()));
    QCOMPARE(Matrix(emptied.keys()), Matrix(fresh.keys()));
    const auto one = emptied.read(keys), other = fresh.read(keys);
    for (std::size_t i = 0; i < one.size(); ++i)
        QCOMPARE(one[i].row, other[i].row);
    Memory fixed = Memory::fixed(keys);
    QVERIFY_EXCEPTION_THROWN(fixed.clear(), Error);
}

void TestMemory::emptyRowsReadAsZero()
{
    const Matrix keyRows = randomMatrix(6, 64, 17);
    Memory memory = Memory::fixed(keyRows);
    const auto reading = memory.read(keyRows.row(3)).front();
    QCOMPARE(reading.row, Index(3));
    QCOMPARE(reading.rowSegments, Index(0));
    QCOMPARE(reading.latent.norm(), 0.0f);
}

void TestMemory::singleAndBatchWritesAgree()
{
    const Matrix keyRows = randomMatrix(16, 64, 18), keys = randomMatrix(90, 64, 19), latents = randomMatrix(90, 64, 20);
    for (const bool grow : {true, false}) {
        Memory one = grow ? Memory::growing(64) : Memory::fixed(keyRows), many = grow ? Memory::growing(64) : Memory::fixed(keyRows);
        many.reserve(90);
        const auto rows = many.writeAll(keys, latents);
        for (Index i = 0; i < 90; ++i)
            QCOMPARE(one.write(keys.row(i), latents.row(i)), rows[std::size_t(i)]);
        QCOMPARE(Matrix(one.matrix()), Matrix(many.matrix()));
        QCOMPARE(Matrix(one.keys()), Matrix(many.keys()));
    }
}

void TestMemory::keyRowsAreDrawnFromTheStatistics()
{
    const KeyStatistics statistics = ToyModel(256, 20).keyStatistics(4);
    const Matrix few = drawKeyRows(statistics, 100, 3), again = drawKeyRows(statistics, 100, 3), other = drawKeyRows(statistics, 100, 4);
    QCOMPARE(few, again);
    QVERIFY(few != other);
    std::set<Index> drawn;
    for (Index i = 0; i < 100; ++i) { // sampled keys, none twice
        const auto nearest = nearestRows(statistics.sample, few.row(i), 1).front().front();
        QCOMPARE(nearest.distance, 0.0f);
        drawn.insert(nearest.row);
    }
    QCOMPARE(drawn.size(), std::size_t(100));
    const Matrix many = drawKeyRows(statistics, 2000, 3);
    QCOMPARE(many.rows(), Index(2000));
    for (Index i = 0; i < 2000; ++i) {
        QVERIFY(std::abs(many.row(i).mean()) < 1e-4f);
        QVERIFY(std::abs(many.row(i).squaredNorm() / 256 - 1) < 1e-3f);
    }
    KeyStatistics gaussian = statistics;
    gaussian.sample.resize(0, 256);
    QCOMPARE(drawKeyRows(gaussian, 10, 3).rows(), Index(10));
}

void TestMemory::theOrderOfSegmentsIsKept()
{
    Memory memory = Memory::growing(64);
    const Matrix keys = randomMatrix(4, 64, 3);
    const auto rows = memory.writeAll(keys, keys);
    QCOMPARE(memory.next(rows[0]).row, Index(-1)); // not told yet
    memory.setOrder({rows[0], rows[2], rows[1], rows[3]}, {0, 1, 0, 1});
    QCOMPARE(memory.next(rows[0]).row, rows[2]);
    QVERIFY(!memory.next(rows[0]).glued && memory.next(rows[2]).glued);
    QCOMPARE(memory.next(rows[2]).row, rows[1]);
    QCOMPARE(memory.next(rows[3]).row, Index(-1)); // the last one
    memory.erase(rows[1], keys.row(1));
    QCOMPARE(memory.next(rows[0]).row, Index(-1)); // no longer sure
    QVERIFY_EXCEPTION_THROWN(memory.setOrder(rows, {0, 0, 0, 0}), Error);
    // Which of the segments on a shared row is meant nobody can say.
    Memory fixed = Memory::fixed(keys.topRows(3));
    Matrix written(4, 64);
    written << keys.row(0), keys.row(1), keys.row(1), keys.row(2);
    fixed.setOrder(fixed.writeAll(written, written), {0, 0, 0, 0});
    QCOMPARE(fixed.next(0).row, Index(1));
    QCOMPARE(fixed.next(1).row, Index(-1));
}

void TestMemory::badInputIsRefused()
{
    KeyStatistics statistics = ToyModel(256, 20).keyStatistics(4);
    QVERIFY_EXCEPTION_THROWN(drawKeyRows(statistics, 0, 1), Error);
    statistics.covarianceFactor.resize(0, 0);
    QVERIFY_EXCEPTION_THROWN(drawKeyRows(statistics, 5000, 1), Error);
    Memory memory = Memory::growing(64);
    QVERIFY_EXCEPTION_THROWN(memory.write(RowVector(RowVector::Zero(32)), RowVector(RowVector::Zero(64))), Error);
    QVERIFY_EXCEPTION_THROWN(memory.write(RowVector(RowVector::Zero(64)), RowVector(RowVector::Zero(32))), Error);
    QVERIFY_EXCEPTION_THROWN(memory.row(0), Error);
    QVERIFY_EXCEPTION_THROWN(memory.setRow(-1, RowVector(RowVector::Zero(64))), Error);
    QVERIFY_EXCEPTION_THROWN(nearestRows(Matrix::Zero(2, 3), Matrix::Zero(1, 4), 1), Error);
    QVERIFY(keyMemoryKindFromName("prior") == KeyMemoryKind::Prior);
    QVERIFY_EXCEPTION_THROWN(keyMemoryKindFromName("priors"), Error);
    QVERIFY_EXCEPTION_THROWN(addressingFromName("psychic"), Error);
    QVERIFY_EXCEPTION_THROWN(keyKindFromName(""), Error);
}

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_memory.moc"
