read -r line
echo "grüße→世界🎉 $line"
