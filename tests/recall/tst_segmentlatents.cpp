// SPDX-License-Identifier: GPL-3.0-or-later
// Segments that nobody asks for are not encoded, the others once.
#include "core/recall/SegmentLatents.h"

#include <QTest>

#include <numeric>

using namespace hayloft;

class TestSegmentLatents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNeededIsEncodedOnce()
    {
        std::vector<TokenIds> encoded;
        LatentStore store(1, [&](const std::vector<TokenIds>& batch, const Task&) {
            Matrix sums(std::ssize(batch), 1);
            for (std::size_t i = 0; i < batch.size(); ++i) {
                encoded.push_back(batch[i]);
                sums(static_cast<Index>(i), 0) = static_cast<float>(std::accumulate(batch[i].begin(), batch[i].end(), 0));
            }
            return sums;
        });
        SegmentLatents segments(store);
        std::vector<Index> numbers;
        for (int i = 0; i < 1000; ++i) // enough for the table to be built anew several times
            numbers.push_back(segments.add({ i, i + 1 }));
        QCOMPARE(segments.add({ 7, 8 }), numbers[7]);
        QCOMPARE(segments.encodeNeeded({}), std::int64_t(0));
        for (const Index number : { numbers[7], numbers[900], numbers[7] })
            segments.need(number);
        QCOMPARE(segments.encodeNeeded({}), std::int64_t(4));
        segments.need(numbers[900]);
        segments.need(segments.add({ 5 }));
        QCOMPARE(segments.encodeNeeded({}), std::int64_t(1));
        QCOMPARE(encoded, (std::vector<TokenIds> { { 7, 8 }, { 900, 901 }, { 5 } }));
        QCOMPARE(segments.latent(numbers[7])(0), 15.0f);
        QCOMPARE(segments.latent(numbers[900])(0), 1801.0f);
        QCOMPARE(segments.latent(segments.add({ 5 }))(0), 5.0f);
    }
};

QTEST_APPLESS_MAIN(TestSegmentLatents)
#include "tst_segmentlatents.moc"
