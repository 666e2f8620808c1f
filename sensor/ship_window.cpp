#include "ship_window.hpp"

#include "wire/frame.hpp"

#include <algorithm>

namespace linnet {

void ShipWindow::add(std::span<const std::byte> event) {
    if (++last_ <= committed_) return;
    if (!open_) {
        batches_.push_back({{.epoch = epoch_, .first = last_, .frames = {}}, 0});
        open_ = true;
    }
    auto& batch = batches_.back();
    const auto before = batch.data.frames.size();
    append_frame(event, batch.data.frames);
    ++batch.count;
    ++events_;
    bytes_ += batch.data.frames.size() - before;
    if (batch.data.frames.size() >= limits_.batch_bytes) close_batch();
}

const link::Data* ShipWindow::to_send() const {
    const auto closed = batches_.size() - (open_ ? 1 : 0);
    return sent_ < closed ? &batches_[sent_].data : nullptr;
}

void ShipWindow::rewind() {
    close_batch();
    sent_ = 0;
}

void ShipWindow::acknowledge(std::uint64_t committed) {
    committed_ = std::max(committed_, committed);
    while (!batches_.empty()) {
        auto& batch = batches_.front();
        if (batch.data.first > committed_) break;
        drop_front(batch);
        if (batch.count > 0) break;
        if (batches_.size() == 1) open_ = false;
        batches_.pop_front();
        if (sent_ > 0) --sent_;
    }
}

/// Removes what is committed from a batch that may hold more.
void ShipWindow::drop_front(Batch& batch) {
    const auto count = std::min<std::uint64_t>(committed_ - batch.data.first + 1, batch.count);
    auto& frames = batch.data.frames;
    std::size_t size = frames.size();
    if (count < batch.count) {
        FrameReader reader;
        reader.feed(frames);
        for (std::uint64_t i = 0; i < count; ++i) reader.next();
        size -= reader.pending();
    }
    frames.erase(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(size));
    batch.data.first += count;
    batch.count -= count;
    bytes_ -= size;
    events_ -= count;
}

void ShipWindow::renumber(std::uint64_t epoch) {
    epoch_ = epoch;
    committed_ = 0;
    last_ = 0;
    for (auto& batch : batches_) {
        batch.data.epoch = epoch;
        batch.data.first = last_ + 1;
        last_ += batch.count;
    }
    rewind();
}

}  // namespace linnet
