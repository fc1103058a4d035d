// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of written figures: rectangles and texts of an SVG, streams and images of a PDF.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QRectF>
#include <QRegularExpression>
#include <QStringList>
#include <QXmlStreamReader>

#include <stdexcept>
#include <vector>

namespace hayloft::test {

struct SvgRect {
    QRectF rect;
    QString fill;
};

struct Svg {
    std::vector<SvgRect> rects;
    QStringList texts;
    int images = 0;
};

inline Svg parseSvg(const QByteArray& bytes)
{
    Svg svg;
    QXmlStreamReader xml(bytes);
    QStringList fills { QString() };
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement()) {
            const auto attributes = xml.attributes();
            fills << (attributes.hasAttribute("fill") ? attributes.value("fill").toString() : fills.last());
            if (xml.name() == QLatin1String("rect"))
                svg.rects.push_back({ QRectF(attributes.value("x").toDouble(), attributes.value("y").toDouble(),
                                             attributes.value("width").toDouble(), attributes.value("height").toDouble()),
                                      fills.last() });
            if (xml.name() == QLatin1String("image"))
                ++svg.images;
            if (xml.name() == QLatin1String("text")) {
                svg.texts << xml.readElementText().trimmed();
                fills.removeLast();
            }
        } else if (xml.isEndElement()) {
            fills.removeLast();
        }
    }
    if (xml.hasError())
        throw std::runtime_error(xml.errorString().toStdString());
    return svg;
}

inline QByteArray bytesOf(const QString& file)
{
    QFile in(file);
    if (!in.open(QIODevice::ReadOnly))
        throw std::runtime_error("no file " + file.toStdString());
    return in.readAll();
}

/// Every Flate stream of a PDF, inflated.
inline QByteArray inflatedStreams(const QByteArray& pdf)
{
    QByteArray all;
    qsizetype at = 0;
    while ((at = pdf.indexOf("stream\n", at)) >= 0) {
        const bool ends = at >= 3 && pdf.mid(at - 3, 3) == "end";
        at += 7;
        const qsizetype end = pdf.indexOf("endstream", at);
        if (ends || end < 0)
            continue;
        QByteArray raw = pdf.mid(at, end - at);
        QByteArray sized(4, '\0');
        const quint32 guess = quint32(raw.size()) * 20 + 1000;
        for (int i = 0; i < 4; ++i)
            sized[i] = char(guess >> (24 - 8 * i));
        all += qUncompress(sized + raw) + '\n';
    }
    return all;
}

/// An image as an XObject or inline.
inline int imagesIn(const QByteArray& pdf)
{
    return int(QString::fromLatin1(pdf).count(QRegularExpression(QStringLiteral("/Subtype\\s*/Image"))))
        + int(QString::fromLatin1(inflatedStreams(pdf)).count(QRegularExpression(QStringLiteral("\\bBI\\s+/"))));
}

} // namespace hayloft::test
