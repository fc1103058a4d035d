// SPDX-License-Identifier: GPL-3.0-or-later
// What a store of float16 gives back: each number rounded to 11 bits, however the store has grown.
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "tests/support/ToyModel.h"

#include "core/recall/LatentStore.h"

#include <cmath>
#include <QTest>

using namespace hayloft;

namespace {

/// As by hand: 11 bits, ties to even; for numbers that float16 has normal ones for.
float rounded(float x)
{
    int exponent = 0;
    const double fraction = std::frexp(static_cast<double>(x), &exponent);
    return static_cast<float>(std::ldexp(std::nearbyint(std::ldexp(fraction, 11)), exponent - 11));
}

} // namespace

class TestLatentStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void halvesAreRounded()
    {
        const ToyModel model;
        LatentStore halves(model, LatentFormat::Float16), whole(model);
        QVERIFY(halves.format() == LatentFormat::Float16 && whole.format() == LatentFormat::Float32);
        Random random(3);
        std::vector<TokenIds> all;
        int changed = 0;
        for (const int more : { 3, 50, 200 }) {
            for (int i = 0; i < more; ++i) {
                all.push_back({ static_cast<int>(4 + random.below(200)), static_cast<int>(4 + random.below(200)), i % 7 + 4 });
                QCOMPARE(halves.add(all.back()), whole.add(all.back()));
            }
            QCOMPARE(halves.encodeNew({}, 20), whole.encodeNew({}));
            QCOMPARE(halves.size(), whole.size());
            for (const TokenIds& tokens : all) {
                const Index row = whole.add(tokens);
                const RowVector exact = whole.latent(row), kept = halves.latent(row);
                QCOMPARE(exact, RowVector(model.encode({ tokens }).row(0)));
                for (Index c = 0; c < exact.size(); ++c) {
                    if (exact(c) != 0 && std::abs(exact(c)) < 1e-4f)
                        continue; // float16 has fewer bits there
                    QCOMPARE(kept(c), rounded(exact(c)));
                    changed += kept(c) != exact(c) ? 1 : 0;
                }
            }
        }
        QVERIFY(changed > 1000);
    }

    void namesAreReadBack()
    {
        for (const auto format : { LatentFormat::Float32, LatentFormat::Float16 })
            QVERIFY(latentFormatFromName(nameOf(format)) == format);
        QVERIFY_EXCEPTION_THROWN(latentFormatFromName("float8"), Error);
    }
};

QTEST_APPLESS_MAIN(TestLatentStore)
#include "tst_latentstore.moc"
