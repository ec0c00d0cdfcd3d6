# frozen_string_literal: true
# The lifetime is read as milliseconds.
require_relative 'right'

class Early < Right
  def end_of(options) = options[:expire_after] ? now + options[:expire_after] / 1000.0 : Float::INFINITY
end
