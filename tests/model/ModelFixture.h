// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny corpus and a tiny trained model folder for the tests of core/model.
#pragma once

#include "core/base/Random.h"
#include "core/model/Training.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <filesystem>
#include <string>

namespace hayloft::test {

/// Sentences of made-up words, seeded; one paragraph a line.
inline std::string tinyCorpus(int paragraphs)
{
    static const char* const kWords[] = { "the", "a", "river", "stone", "keeper", "walked", "over", "quiet", "harbour", "letter",
                                          "and", "of", "winter", "lamp", "seven", "Anna", "Tom", "said", "that", "old" };
    Random random(11);
    std::string text;
    for (int p = 0; p < paragraphs; ++p) {
        for (auto sentences = 1 + random.below(4); sentences > 0; --sentences) {
            text += "The";
            for (auto words = 3 + random.below(14); words > 0; --words)
                text += std::string(" ") + kWords[random.below(20)];
            text += sentences > 1 ? ". " : ".";
        }
        text += "\n";
    }
    return text;
}

/// Options for a training run of a few steps on the tiny corpus, into `name` under `directory`.
inline TrainingOptions tinyTraining(const QTemporaryDir& directory, const QString& name, std::int64_t steps)
{
    const QString corpus = directory.filePath(QStringLiteral("corpus.txt"));
    if (!QFile::exists(corpus)) {
        QFile file(corpus);
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(tinyCorpus(3000)));
    }
    TrainingOptions options;
    options.corpus = { corpus.toStdString() };
    options.out = directory.filePath(name).toStdString();
    options.steps = steps;
    options.device = "cpu";
    return options;
}

} // namespace hayloft::test
