#include "paper.hpp"

#include "cli/text.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <stdexcept>

namespace linnet {
namespace {

constexpr double page_width = 595.28, page_height = 841.89;  // ISO 216: A4
constexpr double margin = 54, column_gap = 12;
constexpr double text_width = page_width - 2 * margin;
constexpr std::size_t longest_cell = 600;  // columns of text
constexpr Ink faint{0.36, 0.39, 0.42};

template <auto Release>
struct Releaser {
    template <class Handle>
    void operator()(Handle* handle) const {
        Release(handle);
    }
};
using Surface = std::unique_ptr<cairo_surface_t, Releaser<cairo_surface_destroy>>;
using Drawing = std::unique_ptr<cairo_t, Releaser<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Releaser<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Releaser<pango_font_description_free>>;
using Lines = std::unique_ptr<PangoLayoutIter, Releaser<pango_layout_iter_free>>;

double points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

cairo_status_t append(void* into, const unsigned char* bytes, unsigned size) {
    static_cast<std::string*>(into)->append(bytes, bytes + size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

struct Paper::Impl {
    std::string pdf;  // before the surface, which writes into it until it goes
    Surface surface;
    Drawing drawing;
    int page = 1, pages = 0;
    double y = margin;

    Layout layout(std::string_view text, const Type& type, double width, PangoAlignment alignment = PANGO_ALIGN_LEFT) const {
        Layout layout{pango_cairo_create_layout(drawing.get())};
        const Font font{pango_font_description_from_string(type.font)};
        pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 72);  // points are points
        pango_layout_context_changed(layout.get());
        pango_layout_set_font_description(layout.get(), font.get());
        pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_alignment(layout.get(), alignment);
        pango_layout_set_line_spacing(layout.get(), 1.15F);
        pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
        return layout;
    }

    static double height(const Layout& layout) {
        int width = 0, height = 0;
        pango_layout_get_size(layout.get(), &width, &height);
        return points(height);
    }

    void set(const Ink& ink) const { cairo_set_source_rgb(drawing.get(), ink.red, ink.green, ink.blue); }

    void show(const Layout& layout, const Ink& ink, double x, double top) const {
        set(ink);
        cairo_move_to(drawing.get(), x, top);
        pango_cairo_show_layout(drawing.get(), layout.get());
    }

    /// Line by line, over as many pages as it takes.
    void flow(const Layout& layout, const Ink& ink, double x) {
        const Lines lines{pango_layout_get_iter(layout.get())};
        double begin = y, bottom = y;
        do {
            int top_units = 0, bottom_units = 0;
            pango_layout_iter_get_line_yrange(lines.get(), &top_units, &bottom_units);
            if (begin + points(bottom_units) > page_height - margin) {
                new_page();
                begin = y - points(top_units);
            }
            PangoRectangle extents{};
            pango_layout_iter_get_line_extents(lines.get(), nullptr, &extents);
            set(ink);
            cairo_move_to(drawing.get(), x + points(extents.x), begin + points(pango_layout_iter_get_baseline(lines.get())));
            pango_cairo_show_layout_line(drawing.get(), pango_layout_iter_get_line_readonly(lines.get()));
            bottom = begin + points(bottom_units);
        } while (pango_layout_iter_next_line(lines.get()) != 0);
        y = bottom;
    }

    void foot() const {
        const std::string text = pages > 0 ? fmt::format("Linnet report, page {} of {}", page, pages)
                                           : fmt::format("Linnet report, page {}", page);
        show(layout(text, {"Sans 8", faint}, text_width), faint, margin, page_height - margin + 14);
    }

    void new_page() {
        foot();
        cairo_show_page(drawing.get());
        ++page;
        y = margin;
    }

    void check() const {
        const auto status = cairo_status(drawing.get());
        if (status != CAIRO_STATUS_SUCCESS)
            throw std::runtime_error{fmt::format("The PDF could not be made: {}.", cairo_status_to_string(status))};
    }
};

Paper::Paper(const std::string& title, Timestamp made, int pages) : impl_{std::make_unique<Impl>()} {
    auto& surface = impl_->surface;
    surface.reset(cairo_pdf_surface_create_for_stream(append, &impl_->pdf, page_width, page_height));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, escaped(title).c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Linnet " LINNET_VERSION);
    const std::string time = to_string(made).substr(0, sizeof "2026-03-01T18:20:11" - 1) + "Z";
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, time.c_str());
    impl_->drawing.reset(cairo_create(surface.get()));
    impl_->pages = pages;
    impl_->check();
}

Paper::~Paper() = default;

void Paper::text(const Block& block, double indent) {
    const std::string text = escaped(block.text);
    if (text.empty()) return;
    impl_->flow(impl_->layout(text, block.type, text_width - indent), block.type.ink, margin + indent);
}

void Paper::text(std::string_view lead, const Block& block, double indent, double lead_width) {
    const Layout sign = impl_->layout(escaped(lead), block.type, lead_width);
    keep_together(Impl::height(sign));
    impl_->show(sign, block.type.ink, margin + indent, impl_->y);
    text(block, indent + lead_width);
}

void Paper::row(const std::vector<Cell>& cells) {
    struct Placed {
        Layout layout;
        Ink ink;
        double x, below;
    };
    std::vector<Placed> placed;
    double x = margin, tallest = 0;
    for (const Cell& cell : cells) {
        const double width = cell.width * text_width;
        double below = 0;
        for (const Block& block : cell.blocks) {
            const auto alignment = cell.side == Side::right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
            Layout layout = impl_->layout(shortened(escaped(block.text), longest_cell), block.type,
                                          std::max(width - column_gap, column_gap), alignment);
            const double height = Impl::height(layout);
            placed.push_back({std::move(layout), block.type.ink, cell.side == Side::right ? x + column_gap : x, below});
            below += height;
        }
        tallest = std::max(tallest, below);
        x += width;
    }
    keep_together(tallest);
    for (const Placed& one : placed) impl_->show(one.layout, one.ink, one.x, impl_->y + one.below);
    impl_->y += tallest;
}

void Paper::gap(double points) { impl_->y += points; }

void Paper::line(const Ink& ink) {
    auto* drawing = impl_->drawing.get();
    impl_->set(ink);
    cairo_set_line_width(drawing, 0.7);
    cairo_move_to(drawing, margin, impl_->y);
    cairo_line_to(drawing, page_width - margin, impl_->y);
    cairo_stroke(drawing);
}

void Paper::keep_together(double points) {
    if (impl_->y > margin && impl_->y + points > page_height - margin) impl_->new_page();
}

void Paper::bookmark(const std::string& name) {
    const std::string where = fmt::format("page={} pos=[{:.0f} {:.0f}]", impl_->page, margin, impl_->y);
    cairo_pdf_surface_add_outline(impl_->surface.get(), CAIRO_PDF_OUTLINE_ROOT, escaped(name).c_str(), where.c_str(),
                                  static_cast<cairo_pdf_outline_flags_t>(0));
}

int Paper::pages() const { return impl_->page; }

std::string Paper::finish() {
    impl_->foot();
    impl_->check();
    cairo_surface_finish(impl_->surface.get());
    if (const auto status = cairo_surface_status(impl_->surface.get()); status != CAIRO_STATUS_SUCCESS)
        throw std::runtime_error{fmt::format("The PDF could not be made: {}.", cairo_status_to_string(status))};
    return std::move(impl_->pdf);
}

}  // namespace linnet
