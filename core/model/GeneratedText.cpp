// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/GeneratedText.h"

#include <array>

namespace hayloft {

namespace {

constexpr std::array kRareWords {
    "syzygy", "quixotry", "zeugma", "petrichor", "borborygmus", "xylograph", "callipygian", "defenestrate", "ululation", "psithurism",
    "hiraeth", "mumpsimus", "tmesis", "nudiustertian", "cwm", "phthisis", "gallimaufry", "kakistocracy", "susurrus", "apricity",
    "tintinnabulation", "zymurgy", "eigenvalue", "crepuscular", "mythopoeia", "chthonic", "rhododendron", "isthmus", "ouroboros", "yttrium"
};
constexpr std::array kForeignWords {
    "Straßenbahn", "français", "mañana", "København", "Łódź", "żółw", "naïveté", "smørrebrød", "Čapek", "Ångström",
    "şeker", "İstanbul", "Größenwahn", "cœur", "pêche", "señorita", "Þórr", "coração", "árvíztűrő", "fjörður",
    "škola", "déjà", "Zürich", "über", "garçon", "jalapeño", "doppelgänger", "crème", "brûlée", "öppet"
};
constexpr std::array kKoreanWords {
    "오늘", "아침", "학교에서", "친구와", "바다를", "보았다", "할머니는", "시장에", "갔다", "책을", "읽었다", "기억은", "오래", "남는다", "서울의", "밤은",
    "깊었다", "열쇠는", "서랍", "안에", "있다", "기차가", "천천히", "떠났다", "비가", "내리는", "골목에서", "노래를", "들었다", "편지를", "받았다", "겨울이"
};
constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
constexpr std::string_view kIdentifierLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

template <typename Array>
std::string pick(const Array& words, Random& random) { return words[random.below(words.size())]; }

std::string letters(std::string_view alphabet, std::uint64_t count, Random& random)
{
    std::string s;
    for (; count > 0; --count)
        s += alphabet[random.below(alphabet.size())];
    return s;
}

std::string versionOf(Random& random)
{
    std::string s = "v";
    s.append(std::to_string(random.below(20))).append(".");
    s.append(std::to_string(random.below(20))).append(".");
    return s.append(std::to_string(random.below(100)));
}

std::string identifier(Random& random)
{
    const auto word = [&] { return letters(kIdentifierLetters.substr(0, 26), 2 + random.below(6), random); };
    switch (random.below(4)) {
    case 0: {
        std::string s = word();
        s.append("_").append(word());
        return random.below(2) ? s.append("_").append(std::to_string(random.below(100))) : s;
    }
    case 1:
        return letters(kIdentifierLetters, 6 + random.below(4), random);
    case 2:
        return versionOf(random);
    default:
        return letters(kIdentifierLetters.substr(26, 26), 2 + random.below(2), random) + "-" + std::to_string(random.below(10000));
    }
}

std::string stringOf(GeneratedKind kind, Random& random)
{
    switch (kind) {
    case GeneratedKind::Digits:
        return letters("0123456789", 1 + random.below(8), random);
    case GeneratedKind::Identifiers:
        return identifier(random);
    case GeneratedKind::RareWords:
        return pick(kRareWords, random);
    case GeneratedKind::ForeignWords:
        return pick(kForeignWords, random);
    case GeneratedKind::Korean:
        return pick(kKoreanWords, random);
    case GeneratedKind::Punctuation:
        return letters(kPunctuation, 1 + random.below(4), random);
    case GeneratedKind::DoubleSpaces:
        break;
    }
    return {};
}

std::size_t randomSpace(const std::string& text, Random& random)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == ' ')
            places.push_back(i);
    return places.empty() ? std::string::npos : places[random.below(places.size())];
}

} // namespace

std::vector<GeneratedKind> generatedKinds()
{
    return { GeneratedKind::Digits, GeneratedKind::Identifiers, GeneratedKind::RareWords, GeneratedKind::ForeignWords,
             GeneratedKind::Korean, GeneratedKind::Punctuation, GeneratedKind::DoubleSpaces };
}

std::string_view nameOf(GeneratedKind kind)
{
    switch (kind) {
    case GeneratedKind::Digits:
        return "random digits";
    case GeneratedKind::Identifiers:
        return "identifiers";
    case GeneratedKind::RareWords:
        return "rare words";
    case GeneratedKind::ForeignWords:
        return "non-English words";
    case GeneratedKind::Korean:
        return "Korean";
    case GeneratedKind::Punctuation:
        return "punctuation";
    case GeneratedKind::DoubleSpaces:
        return "double spaces";
    }
    return "";
}

std::string generateSegment(GeneratedKind kind, const std::string& sentence, Random& random)
{
    const auto count = 1 + random.below(3);
    if (kind == GeneratedKind::Korean) {
        std::string text = pick(kKoreanWords, random);
        for (auto words = 2 + random.below(7); words > 0; --words)
            text.append(" ").append(pick(kKoreanWords, random));
        return text + ".";
    }
    std::string text = sentence;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto at = randomSpace(text, random);
        if (at == std::string::npos)
            return kind == GeneratedKind::DoubleSpaces ? text.append("  x") : text.append(" ").append(stringOf(kind, random));
        text.insert(at, " ");
        if (kind != GeneratedKind::DoubleSpaces)
            text.insert(at + 1, stringOf(kind, random));
    }
    return text;
}

} // namespace hayloft
