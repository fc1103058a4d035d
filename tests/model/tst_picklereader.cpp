// SPDX-License-Identifier: GPL-3.0-or-later
// Python's pickles as plain values, and pickles that want to be more than that.
#include "CheckpointFixture.h"

#include "core/base/Files.h"
#include "core/model/PickleReader.h"

#include <nlohmann/json.hpp>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;
using namespace std::string_literals;
using nlohmann::json;

namespace {

json jsonOf(const PickleTree& tree, PickleId id)
{
    const PickleNode& node = tree[id];
    switch (node.kind) {
    case PickleKind::None:
        return nullptr;
    case PickleKind::Bool:
        return node.integer != 0;
    case PickleKind::Int:
        return node.integer;
    case PickleKind::Float:
        return node.number;
    case PickleKind::String:
        return node.text;
    case PickleKind::Bytes:
        return { { "hex", QByteArray::fromStdString(node.text).toHex().toStdString() } };
    case PickleKind::List:
    case PickleKind::Tuple: {
        json list = json::array();
        for (const PickleId item : node.items)
            list.push_back(jsonOf(tree, item));
        return list;
    }
    default: {
        json object = json::object();
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2)
            object[tree[node.items[i]].text] = jsonOf(tree, node.items[i + 1]);
        return object;
    }
    }
}

PickleTree read(const std::string& bytes, const PickleLimits& limits = {}) { return readPickle(bytesOf(bytes), "x.pkl", limits); }

std::string readingError(const std::string& bytes, const PickleLimits& limits = {})
{
    return errorOf([&] { read(bytes, limits); });
}

} // namespace

class TestPickleReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesAreThoseOfPython_data()
    {
        QTest::addColumn<int>("protocol");
        for (int protocol = 2; protocol <= 5; ++protocol)
            QTest::addRow("protocol %d", protocol) << protocol;
    }
    void valuesAreThoseOfPython()
    {
        QFETCH(int, protocol);
        json expected = json::parse(readFile(checkpointPath("values.json"), 1 << 20));
        if (protocol == 2)
            expected.erase("bytes"); // protocol 2 has none
        const PickleTree tree = read(readFile(checkpointPath("values-" + std::to_string(protocol) + ".pkl"), 1 << 20));
        const json found = jsonOf(tree, tree.root);
        for (const auto& [name, value] : expected.items())
            QVERIFY2(found.contains(name) && found[name] == value, (name + ": " + found.value(name, json()).dump()).c_str());
        QCOMPARE(found.size(), expected.size());
    }

    void sharedValuesAreSharedAndCyclesEnd()
    {
        const PickleTree tree = read("\x80\x02]q\x00h\x00" "ah\x00" "a."s); // x = []; x.append(x) twice
        QCOMPARE(tree[tree.root].items, (std::vector<PickleId> { tree.root, tree.root }));
    }

    void nothingIsCalled()
    {
        // os.system("touch ..."): an object of that class, with nothing done.
        const PickleTree tree = read("\x80\x02" "cos\nsystem\nX\x04\x00\x00\x00" "true\x85R."s);
        QVERIFY(tree[tree.root].kind == PickleKind::Object);
        QCOMPARE(tree.describe(tree.root), std::string("an object of class os.system"));
    }

    void unknownObjectsKeepItemsAndAttributes()
    {
        // class A(dict): a = A(); a["k"] = 1; a.x = 2
        const PickleTree tree = read("\x80\x02" "cm\nA\n)\x81X\x01\x00\x00\x00kK\x01s}X\x01\x00\x00\x00xK\x02sb."s);
        QCOMPARE(tree.describe(tree.root), std::string("an object of class m.A"));
        QCOMPARE(tree[*tree.find(tree.root, "k")].integer, 1);
        QCOMPARE(tree[*tree.find(tree.root, "x")].integer, 2);
        QVERIFY(!tree.find(tree.root, "y"));
    }

    void everyTruncationIsRefused()
    {
        const std::string bytes = readFile(checkpointPath("values-4.pkl"), 1 << 20);
        for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 50)
            QVERIFY2(has(readingError(bytes.substr(0, size)), "x.pkl"), std::to_string(size).c_str());
    }

    void damageIsNamed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const std::string& bytes, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(message);
        };
        row("empty", "", "truncated");
        row("protocol 1", "\x80\x01N."s, "protocol 1, not 2 to 5");
        row("protocol 0 text", "I1\n."s, "opcode 0x49 at byte 0");
        row("instance", "\x80\x02(ios\nsystem\n."s, "opcode 0x69");
        row("outside buffer", "\x80\x05\x97."s, "opcode 0x97");
        row("extension", "\x80\x02\x82\x01."s, "opcode 0x82");
        row("empty stack", "\x80\x02."s, "a value is missing");
        row("no mark", "\x80\x02Nt."s, "a mark is missing");
        row("value below a mark", "\x80\x02N(\x85."s, "a value is missing");
        row("unknown memo", "\x80\x02h\x07."s, "refers to a value that it does not hold");
        row("append to a number", "\x80\x02K\x01K\x02" "a."s, "items for what holds none");
        row("key without value", "\x80\x02}(Nu."s, "a key without a value");
        row("call of a text", "\x80\x02U\x01xU\x01y\x85R."s, "call of what is no class");
        row("huge text", "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff."s, "truncated");
        row("endless class name", "\x80\x02" "cos"s, "truncated");
        row("foreign persistent id", "\x80\x02K\x01Q."s, "not a storage of torch.save");
        row("tensor without storage", "\x80\x02" "ctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x00))tR."s, "damaged tensor");
    }
    void damageIsNamed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, message);
        const std::string found = readingError(bytes.toStdString());
        QVERIFY2(has(found, message.toStdString()) && has(found, "x.pkl"), found.c_str());
    }

    void limitsHold()
    {
        const PickleLimits limits { 1000, 100 };
        QVERIFY(has(readingError("\x80\x02"s + std::string(1001, 'N') + ".", limits), "larger than"));
        QVERIFY(has(readingError("\x80\x02"s + std::string(101, 'N') + ".", limits), "too many values"));
        QVERIFY(has(readingError("\x80\x02"s + std::string(101, '(') + ".", limits), "nested too deeply"));
        QVERIFY(has(readingError("\x80\x02"s + std::string(101, ']') + std::string(100, 'a') + ".", limits), "too many values"));
        // A class name copied again and again by two bytes each.
        std::string copies = "\x80\x04\x8c\xf0" + std::string(240, 'm') + "\x94\x8c\x01n\x94";
        for (int i = 0; i < 40; ++i)
            copies += "h\x00h\x01\x93"s;
        QVERIFY2(has(readingError(copies + ".", limits), "too much text"), readingError(copies + ".", limits).c_str());
    }

    void deepNestingNeedsNoStack()
    {
        const PickleTree tree = read("\x80\x02"s + std::string(500000, ']') + std::string(499999, 'a') + ".");
        QCOMPARE(tree.nodes.size(), std::size_t(500001));
    }
};

QTEST_GUILESS_MAIN(TestPickleReader)
#include "tst_picklereader.moc"
