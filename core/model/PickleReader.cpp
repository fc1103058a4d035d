// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/PickleReader.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/model/PickleObjects.h"

#include <cstring>
#include <iterator>
#include <unordered_map>

namespace hayloft {

namespace {

/// Opcodes of protocols 1 to 5, by their names in Python's pickletools.
enum Opcode : std::uint8_t {
    Mark = '(', Stop = '.', Pop = '0', PopMark = '1', Dup = '2', BinFloat = 'G', BinInt = 'J', BinInt1 = 'K', BinInt2 = 'M', NoneValue = 'N',
    BinPersid = 'Q', Reduce = 'R', BinString = 'T', ShortBinString = 'U', BinUnicode = 'X', BinBytes = 'B', ShortBinBytes = 'C',
    Append = 'a', Build = 'b', Global = 'c', Appends = 'e', BinGet = 'h', LongBinGet = 'j', BinPut = 'q', LongBinPut = 'r', SetItem = 's',
    TupleFromMark = 't', SetItems = 'u', ListFromMark = 'l', DictFromMark = 'd', EmptyTuple = ')', EmptyList = ']', EmptyDict = '}',
    Proto = 0x80, NewObj = 0x81, Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87, NewTrue = 0x88, NewFalse = 0x89, Long1 = 0x8a, Long4 = 0x8b,
    ShortBinUnicode = 0x8c, BinUnicode8 = 0x8d, BinBytes8 = 0x8e, EmptySet = 0x8f, AddItems = 0x90, FrozenSet = 0x91, NewObjEx = 0x92,
    StackGlobal = 0x93, Memoize = 0x94, Frame = 0x95, ByteArray8 = 0x96,
};

class Machine {
public:
    Machine(std::span<const std::byte> bytes, const std::string& where, const PickleLimits& limits)
        : m_bytes(bytes)
        , m_where(where)
        , m_limits(limits)
    {
        if (bytes.size() > limits.bytes)
            fail("the pickle is larger than " + std::to_string(limits.bytes >> 20) + " MiB");
        m_tree.nodes.emplace_back(); // None
    }

    PickleTree run()
    {
        for (;;) {
            const auto code = number<std::uint8_t>();
            if (code == Stop)
                break;
            step(code);
        }
        m_tree.root = pop();
        return std::move(m_tree);
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw Error(what, m_where, "copy or download the file again"); }

    void step(std::uint8_t code)
    {
        if (!pushesValue(code) && !pushesText(code) && !changesStack(code) && !fillsContainer(code) && !makesObject(code))
            fail(formatted("opcode 0x%02x at byte %zu of the pickle is not of protocols 2 to 5", code, m_at - 1));
    }

    bool pushesValue(std::uint8_t code)
    {
        switch (code) {
        case NoneValue: push(0); return true;
        case NewTrue: pushInteger(1, PickleKind::Bool); return true;
        case NewFalse: pushInteger(0, PickleKind::Bool); return true;
        case BinInt: pushInteger(number<std::int32_t>()); return true;
        case BinInt1: pushInteger(number<std::uint8_t>()); return true;
        case BinInt2: pushInteger(number<std::uint16_t>()); return true;
        case Long1: pushLong(number<std::uint8_t>()); return true;
        case Long4: pushLong(number<std::uint32_t>()); return true;
        case BinFloat: pushFloat(); return true;
        case EmptyTuple: pushNode(PickleKind::Tuple); return true;
        case EmptyList: case EmptySet: pushNode(PickleKind::List); return true;
        case EmptyDict: pushNode(PickleKind::Dict); return true;
        default: return false;
        }
    }

    bool pushesText(std::uint8_t code)
    {
        switch (code) {
        case ShortBinUnicode: case ShortBinString: pushText(PickleKind::String, number<std::uint8_t>()); return true;
        case BinUnicode: case BinString: pushText(PickleKind::String, number<std::uint32_t>()); return true;
        case BinUnicode8: pushText(PickleKind::String, number<std::uint64_t>()); return true;
        case ShortBinBytes: pushText(PickleKind::Bytes, number<std::uint8_t>()); return true;
        case BinBytes: pushText(PickleKind::Bytes, number<std::uint32_t>()); return true;
        case BinBytes8: case ByteArray8: pushText(PickleKind::Bytes, number<std::uint64_t>()); return true;
        default: return false;
        }
    }

    bool changesStack(std::uint8_t code)
    {
        switch (code) {
        case Proto: checkProtocol(number<std::uint8_t>()); return true;
        case Frame: number<std::uint64_t>(); return true;
        case Mark: mark(); return true;
        case Pop: m_stack.size() > floor() ? void(pop()) : void(popMark()); return true;
        case PopMark: popMark(); return true;
        case Dup: push(top()); return true;
        case BinGet: get(number<std::uint8_t>()); return true;
        case LongBinGet: get(number<std::uint32_t>()); return true;
        case BinPut: put(number<std::uint8_t>()); return true;
        case LongBinPut: put(number<std::uint32_t>()); return true;
        case Memoize: put(static_cast<std::uint32_t>(m_memo.size())); return true;
        default: return false;
        }
    }

    bool fillsContainer(std::uint8_t code)
    {
        switch (code) {
        case TupleFromMark: pushItems(PickleKind::Tuple, popMark()); return true;
        case ListFromMark: case FrozenSet: pushItems(PickleKind::List, popMark()); return true;
        case DictFromMark: pushItems(PickleKind::Dict, popMark()); return true;
        case Tuple1: pushItems(PickleKind::Tuple, popped(1)); return true;
        case Tuple2: pushItems(PickleKind::Tuple, popped(2)); return true;
        case Tuple3: pushItems(PickleKind::Tuple, popped(3)); return true;
        case Append: extend(popped(1), PickleKind::List); return true;
        case Appends: case AddItems: extend(popMark(), PickleKind::List); return true;
        case SetItem: extend(popped(2), PickleKind::Dict); return true;
        case SetItems: extend(popMark(), PickleKind::Dict); return true;
        default: return false;
        }
    }

    bool makesObject(std::uint8_t code)
    {
        switch (code) {
        case Global: pushGlobal(); return true;
        case StackGlobal: pushStackGlobal(); return true;
        case BinPersid: pushNode(PickleObjects(m_tree, m_where).storage(pop())); return true;
        case Reduce: case NewObj: reduce(popped(2)); return true;
        case NewObjEx: reduce(popped(3)); return true;
        case Build: build(popped(1).front()); return true;
        default: return false;
        }
    }

    template <typename Number> Number number()
    {
        if (m_bytes.size() - m_at < sizeof(Number))
            fail("the pickle is truncated");
        Number value;
        std::memcpy(&value, m_bytes.data() + m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }

    std::string text(std::uint64_t size)
    {
        if (size > m_bytes.size() - m_at)
            fail("the pickle is truncated");
        countText(size);
        std::string result(reinterpret_cast<const char*>(m_bytes.data() + m_at), size);
        m_at += size;
        return result;
    }

    std::string line()
    {
        const void* const end = m_at < m_bytes.size() ? std::memchr(m_bytes.data() + m_at, '\n', m_bytes.size() - m_at) : nullptr;
        if (!end)
            fail("the pickle is truncated");
        std::string result = text(static_cast<std::uint64_t>(static_cast<const std::byte*>(end) - (m_bytes.data() + m_at)));
        ++m_at;
        return result;
    }

    /// A text can be copied by a few bytes of opcodes: the copies are bounded too.
    void countText(std::uint64_t size)
    {
        m_textBytes += size;
        if (m_textBytes > 2 * m_limits.bytes)
            fail("the pickle holds too much text");
    }

    void checkProtocol(int version) const
    {
        if (version < 2 || version > 5)
            fail("the pickle is of protocol " + std::to_string(version) + ", not 2 to 5");
    }

    // The stack. Opcodes see only what lies above the last mark.
    std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }

    void push(PickleId id)
    {
        if (m_stack.size() >= m_limits.values)
            fail("the pickle holds too many values");
        m_stack.push_back(id);
    }

    PickleId top() const
    {
        if (m_stack.size() <= floor())
            fail("the pickle is damaged (a value is missing)");
        return m_stack.back();
    }

    PickleId pop()
    {
        const PickleId id = top();
        m_stack.pop_back();
        return id;
    }

    std::vector<PickleId> popped(std::size_t count)
    {
        if (m_stack.size() - floor() < count)
            fail("the pickle is damaged (a value is missing)");
        std::vector<PickleId> values(m_stack.end() - static_cast<std::ptrdiff_t>(count), m_stack.end());
        m_stack.resize(m_stack.size() - count);
        return values;
    }

    void mark()
    {
        if (m_marks.size() >= m_limits.values)
            fail("the pickle is nested too deeply");
        m_marks.push_back(m_stack.size());
    }

    std::vector<PickleId> popMark()
    {
        if (m_marks.empty())
            fail("the pickle is damaged (a mark is missing)");
        auto values = popped(m_stack.size() - m_marks.back());
        m_marks.pop_back();
        return values;
    }

    void put(std::uint32_t index)
    {
        if (m_memo.size() >= m_limits.values)
            fail("the pickle holds too many values");
        m_memo[index] = top();
    }

    void get(std::uint32_t index)
    {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            fail("the pickle is damaged (it refers to a value that it does not hold)");
        push(found->second);
    }

    void pushNode(PickleNode node)
    {
        if (m_tree.nodes.size() >= m_limits.values)
            fail("the pickle holds too many values");
        m_tree.nodes.push_back(std::move(node));
        push(static_cast<PickleId>(m_tree.nodes.size() - 1));
    }

    void pushNode(PickleKind kind) { pushNode(PickleNode { kind, 0, 0, 0, 0, {}, {} }); }
    void pushInteger(std::int64_t value, PickleKind kind = PickleKind::Int) { pushNode(PickleNode { kind, 0, value, 0, 0, {}, {} }); }
    void pushText(PickleKind kind, std::uint64_t size) { pushNode(PickleNode { kind, 0, 0, 0, 0, text(size), {} }); }
    void pushItems(PickleKind kind, std::vector<PickleId> items)
    {
        if (kind == PickleKind::Dict && items.size() % 2 != 0)
            fail("the pickle is damaged (a key without a value)");
        pushNode(PickleNode { kind, 0, 0, 0, 0, {}, std::move(items) });
    }

    void pushLong(std::uint64_t size)
    {
        const std::string bytes = text(size);
        if (bytes.size() > sizeof(std::int64_t)) {
            pushNode(PickleNode { PickleKind::Bytes, 0, 0, 0, 0, bytes, {} }); // no number that a checkpoint needs
            return;
        }
        std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes.back()) < 0 ? ~std::uint64_t { 0 } : 0;
        for (std::size_t i = bytes.size(); i-- > 0;)
            value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
        pushInteger(static_cast<std::int64_t>(value));
    }

    void pushFloat()
    {
        std::uint64_t bits = 0; // big-endian
        for (int i = 0; i < 8; ++i)
            bits = bits << 8 | number<std::uint8_t>();
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        pushNode(PickleNode { PickleKind::Float, 0, 0, 0, value, {}, {} });
    }

    void pushGlobal()
    {
        std::string name = line();
        name += "." + line();
        pushNode(PickleNode { PickleKind::Class, 0, 0, 0, 0, std::move(name), {} });
    }

    void pushStackGlobal()
    {
        const auto names = popped(2);
        const auto &module = m_tree[names[0]], &name = m_tree[names[1]];
        if (module.kind != PickleKind::String || name.kind != PickleKind::String)
            fail("the pickle is damaged (a class without a name)");
        countText(module.text.size() + name.text.size());
        pushNode(PickleNode { PickleKind::Class, 0, 0, 0, 0, module.text + "." + name.text, {} });
    }

    void extend(const std::vector<PickleId>& items, PickleKind kind)
    {
        PickleNode& target = m_tree.nodes[top()];
        if (kind == PickleKind::Dict && items.size() % 2 != 0)
            fail("the pickle is damaged (a key without a value)");
        if (target.kind == PickleKind::Object && kind == PickleKind::List)
            return; // a list of some class: nothing of it is used
        if (target.kind != kind && target.kind != PickleKind::Object)
            fail("the pickle is damaged (items for what holds none)");
        target.items.insert(target.items.end(), items.begin(), items.end());
    }

    void reduce(const std::vector<PickleId>& call)
    {
        auto result = PickleObjects(m_tree, m_where).made(call[0], call[1]);
        if (const auto* existing = std::get_if<PickleId>(&result))
            push(*existing);
        else
            pushNode(std::move(std::get<PickleNode>(result)));
    }

    void build(PickleId state)
    {
        PickleObjects(m_tree, m_where).setState(top(), state);
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_where;
    PickleLimits m_limits;
    std::size_t m_at = 0;
    std::uint64_t m_textBytes = 0;
    PickleTree m_tree;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::uint32_t, PickleId> m_memo;
};

} // namespace

PickleTree readPickle(std::span<const std::byte> bytes, const std::string& where, const PickleLimits& limits)
{
    return Machine(bytes, where, limits).run();
}

} // namespace hayloft
